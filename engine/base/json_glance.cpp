#include "engine/base/json_glance.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace kindred::json {

bool is_clean_text(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
#if defined(__SSE2__)
    // As signed numbers, what is beyond ASCII is below the space, too: one comparison for both.
    const auto space = _mm_set1_epi8(' ');
    for (; end - at >= 16; at += 16) {
        const auto letters = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        if (_mm_movemask_epi8(_mm_cmplt_epi8(letters, space)) != 0) break;
    }
#endif
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    return std::none_of(rest.begin(), rest.end(), [](char each) { return static_cast<unsigned char>(each) < 0x20; }) &&
           is_utf8(rest);
}

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
