#include "engine/http/request.hpp"

#include "engine/base/text.hpp"

namespace kindred::http {
namespace {

/// Calls `visit` with each trimmed element between separators until it says stop; true when it did.
template <class Visit>
bool any_element(std::string_view list, char separator, Visit visit) {
    while (!list.empty()) {
        const auto end = list.find(separator);
        if (visit(trim(list.substr(0, end)))) return true;
        if (end == std::string_view::npos) break;
        list.remove_prefix(end + 1);
    }
    return false;
}

}  // namespace

std::string_view request::header(std::string_view name) const {
    for (const auto& field : headers) {
        if (equal_ignoring_case(field.name, name)) return field.value;
    }
    return {};
}

std::size_t request::count(std::string_view name) const {
    std::size_t found = 0;
    for (const auto& field : headers) found += equal_ignoring_case(field.name, name) ? 1 : 0;
    return found;
}

std::optional<std::string_view> request::single_header(std::string_view name) const {
    if (count(name) != 1) return std::nullopt;
    return header(name);
}

std::optional<std::string_view> request::cookie(std::string_view name) const {
    std::optional<std::string_view> found;
    bool doubled = false;
    for (const auto& field : headers) {
        if (!equal_ignoring_case(field.name, "cookie")) continue;
        any_element(field.value, ';', [&](std::string_view pair) {
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos || pair.substr(0, equals) != name) return false;
            doubled = doubled || found.has_value();
            found = pair.substr(equals + 1);
            return false;
        });
    }
    if (doubled) return std::nullopt;
    return found;
}

bool request::wants_websocket() const {
    return method == "GET" && !http_1_0 && has_token(header("connection"), "upgrade") &&
           equal_ignoring_case(header("upgrade"), "websocket");
}

bool has_token(std::string_view list, std::string_view token) {
    return any_element(list, ',', [&](std::string_view element) { return equal_ignoring_case(element, token); });
}

}  // namespace kindred::http
