#include "engine/customers/note.hpp"

#include "engine/base/json.hpp"
#include "engine/base/sortable_number.hpp"
#include "engine/base/text.hpp"

#include <unicode/unistr.h>

namespace kindred::customers {
namespace {

icu::UnicodeString folded(std::string_view text) {
    auto read = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
    return read.foldCase();
}

}  // namespace

std::string key_prefix_of_notes(customer_id about) { return sortable_number(about.value) + '/'; }

std::string key_of_note(customer_id about, std::int64_t number) {
    return key_prefix_of_notes(about) + sortable_number(static_cast<std::uint64_t>(number));
}

std::string to_json(const note& written) {
    json::writer out;
    out.begin_object().member("about", to_string(written.about)).member("number", written.number);
    out.member("text", written.text).member("pinned", written.pinned).member_if("by", written.by);
    out.member("at", to_millis(written.at)).member_if("changed_by", written.changed_by);
    if (written.changed_at) out.member("changed_at", to_millis(*written.changed_at));
    return out.end_object().take();
}

result<note> note_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    const auto about = parsed ? parse_id<customer_id>((*parsed)["about"].text()) : std::nullopt;
    if (!about) return fail(errc::corrupt, "a stored note is not readable");
    const auto from = parsed->root();
    note read;
    read.about = *about;
    read.number = from["number"].integer().value_or(0);
    read.text = from["text"].text();
    read.pinned = from["pinned"].boolean().value_or(false);
    read.by = from["by"].text();
    read.at = from_millis(from["at"].integer().value_or(0));
    read.changed_by = from["changed_by"].text();
    if (const auto at = from["changed_at"].integer()) read.changed_at = from_millis(*at);
    return read;
}

bool mentions(const note& written, std::string_view words) {
    const auto text = folded(written.text);
    for (const auto word : split(words, ' '))
        if (!trim(word).empty() && text.indexOf(folded(trim(word))) < 0) return false;
    return true;
}

}  // namespace kindred::customers
