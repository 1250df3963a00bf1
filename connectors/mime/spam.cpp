#include "connectors/mime/spam.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

bool says(const header_fields& headers, std::string_view name, std::string_view word) {
    const auto all = headers.all(name);
    return std::any_of(all.begin(), all.end(), [&](std::string_view value) {
        const auto said = to_lower_ascii(trim(value));
        const bool whole_word = said.size() == word.size() ||
                                (said.size() > word.size() && (said[word.size()] < 'a' || said[word.size()] > 'z'));
        return said.starts_with(word) && whole_word;
    });
}

}  // namespace

bool says_spam(const header_fields& headers) {
    return says(headers, "x-spam-flag", "yes") || says(headers, "x-spam-status", "yes") ||
           says(headers, "x-spam", "yes") || says(headers, "x-mailgun-sflag", "yes") ||
           says(headers, "x-virus-status", "infected") || says(headers, "x-virus-status", "yes");
}

bool ignores_spam(channel::options& settings) {
    const auto chosen = settings.text("spam", "keep");
    if (chosen != "keep" && chosen != "ignore") settings.complain("spam", "wants keep or ignore");
    return chosen == "ignore";
}

void mark_spam(channel::record& made, bool ignored) {
    if (made.kind != channel::record_kind::message) return;
    const bool known =
        std::any_of(made.details.begin(), made.details.end(), [](const auto& each) { return each.name == "spam"; });
    if (!known) made.add_detail("spam", "true");
    if (!ignored || !made.ticket.empty()) return;
    made.kind = channel::record_kind::ignored;
    made.ignored_because = "spam";
}

}  // namespace kindred::connectors::mime
