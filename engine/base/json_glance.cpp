#include "engine/base/json_glance.hpp"

#include "engine/base/json.hpp"

namespace kindred::json {

std::optional<std::string_view> glance(std::string_view object, std::string_view name) {
    std::optional<std::string_view> found;
    glance_at_all(object, [&](std::string_view said, std::string_view value) {
        if (said == name) found = value;
        return !found;
    });
    return found;
}

std::optional<std::string_view> plain_text(std::string_view found) {
    if (found.size() < 2 || found.front() != '"' || found.find('\\') != std::string_view::npos) return std::nullopt;
    return found.substr(1, found.size() - 2);
}

std::string glance_text(std::string_view object, std::string_view name) {
    const auto found = glance(object, name);
    if (!found) return {};
    if (const auto plain = plain_text(*found)) return std::string(*plain);
    const auto parsed = document::parse(*found);
    return parsed ? std::string(parsed->root().text()) : std::string();
}

}  // namespace kindred::json
