#include "engine/load/target.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace kindred::load {
namespace {

constexpr std::string_view scheme = "http://";
constexpr std::string_view default_path = "/webhooks/whatsapp";
constexpr std::uint16_t default_port = 80;

std::optional<std::uint16_t> port_of(std::string_view digits) {
    std::uint16_t port = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (code != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
    return port;
}

}  // namespace

std::string target::authority() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    std::string text = is_v6 ? "[" + host + "]" : host;
    if (port != default_port) text += ":" + std::to_string(port);
    return text;
}

result<target> parse_target(std::string_view url) {
    const auto wrong = [&](std::string_view why) {
        return fail(errc::invalid, "target \"" + to_utf8(url) + "\": " + std::string(why));
    };
    const bool is_clean = std::ranges::all_of(url, [](char letter) { return letter > ' ' && letter < 0x7F; });
    if (!is_clean) return wrong("wants printable ASCII; write other characters as %XX");
    if (!equal_ignoring_case(url.substr(0, scheme.size()), scheme)) return wrong("wants http://HOST[:PORT][/PATH]");
    const auto rest = url.substr(scheme.size());
    const auto path_begin = std::min(rest.find_first_of("/?#"), rest.size());
    auto authority = rest.substr(0, path_begin);
    const auto path = rest.substr(path_begin, rest.find('#') - path_begin);
    if (authority.find('@') != std::string_view::npos) return wrong("a user name has no meaning here");

    target made;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return wrong("the bracket of the address is not closed");
        made.host = authority.substr(1, end - 1);
        authority.remove_prefix(end + 1);
    } else {
        made.host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(made.host.size());
    }
    if (made.host.empty()) return wrong("the host is missing");
    if (!authority.empty()) {
        const auto port = authority.starts_with(':') ? port_of(authority.substr(1)) : std::nullopt;
        if (!port) return wrong("the port wants 1 to 65535");
        made.port = *port;
    }
    made.path = path.empty() || path == "/" ? std::string(default_path) : std::string(path);
    if (made.path.starts_with('?')) made.path.insert(0, default_path);
    return made;
}

}  // namespace kindred::load
