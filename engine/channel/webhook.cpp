#include "engine/channel/webhook.hpp"

#include "engine/channel/signature.hpp"

#include <algorithm>
#include <charconv>

namespace kindred::channel {
namespace {

constexpr std::size_t longest_event_id = 200;

}  // namespace

std::string media_type_of(const request& arrived) {
    const auto header = arrived.single_header("content-type");
    if (!header) return {};
    return to_lower_ascii(trim(header->substr(0, header->find(';'))));
}

std::optional<reception> refuse_unless_json(const request& arrived) {
    // Nearly all deliveries say just this: no need to take it apart.
    const auto given = arrived.single_header("content-type");
    if (given && *given == "application/json") return std::nullopt;
    const auto says = [](const header& each) { return equal_ignoring_case(each.first, "content-type"); };
    if (arrived.headers == nullptr || std::none_of(arrived.headers->begin(), arrived.headers->end(), says))
        return std::nullopt;
    const auto type = media_type_of(arrived);
    if (type == "application/json" || (type.starts_with("application/") && type.ends_with("+json")))
        return std::nullopt;
    return reception::refuse(415, "wrong_content_type", "Content-Type: wants application/json");
}

std::string parameter_of(std::string_view header_value, std::string_view name) {
    for (auto rest = header_value; !rest.empty();) {
        const auto separator = rest.find(';');
        if (separator == std::string_view::npos) break;
        rest = trim(rest.substr(separator + 1));
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos) break;
        const auto found = trim(rest.substr(0, equals));
        rest = trim(rest.substr(equals + 1));
        std::string_view value;
        if (rest.starts_with('"')) {
            const auto end = rest.find('"', 1);
            value = rest.substr(1, end == std::string_view::npos ? end : end - 1);
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        } else {
            value = trim(rest.substr(0, rest.find(';')));
        }
        if (equal_ignoring_case(found, name)) return std::string(value);
    }
    return {};
}

std::string_view form::operator[](std::string_view name) const {
    const auto found =
        std::find_if(fields_.rbegin(), fields_.rend(), [&](const form_field& each) { return each.name == name; });
    return found == fields_.rend() ? std::string_view{} : std::string_view(found->value);
}

bool form::has(std::string_view name) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const form_field& each) { return each.name == name; });
}

bool form::is_text() const {
    return std::all_of(fields_.begin(), fields_.end(),
                       [](const form_field& each) { return is_utf8(each.name) && is_utf8(each.value); });
}

std::string event_id(std::initializer_list<std::string_view> parts) {
    std::size_t size = parts.size();
    for (const auto part : parts) size += part.size();
    std::string joined;
    joined.reserve(size);
    for (const auto part : parts) {
        if (!joined.empty()) joined += ':';
        joined += part;
    }
    return joined.size() <= longest_event_id ? joined : "hash:" + sha256_hex(joined);
}

std::string event_id_of_body(std::string_view body) { return "body:" + sha256_hex(body); }

record ignored(std::string reason, std::string event_id) {
    record made;
    made.kind = record_kind::ignored;
    made.ignored_because = std::move(reason);
    made.event_id = std::move(event_id);
    return made;
}

reception accept(std::vector<record> records) {
    reception made;
    made.records = std::move(records);
    return made;
}

reception malformed(std::string_view where) { return reception::refuse(400, "malformed", std::string(where)); }

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return number;
}

}  // namespace kindred::channel
