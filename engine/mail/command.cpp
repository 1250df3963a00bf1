#include "engine/mail/command.hpp"

#include "engine/base/id.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::mail {
namespace {

constexpr std::size_t most_address_bytes = 320;  // 64 before the @, 255 behind it (RFC 5321 section 4.5.3.1)

struct path {
    std::string address;
    std::string_view parameters;
};

/// Where the '>' of a path is; quoted local parts may contain others.
std::size_t path_end(std::string_view text) {
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (quoted && text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            quoted = !quoted;
        } else if (!quoted && text[at] == '>') {
            return at;
        }
    }
    return std::string_view::npos;
}

/// What stands behind `keyword` in `argument`, e.g. "FROM:"; nothing when it is not there.
std::optional<path> parse_path(std::string_view argument, std::string_view keyword) {
    if (argument.size() < keyword.size() || !equal_ignoring_case(argument.substr(0, keyword.size()), keyword))
        return std::nullopt;
    argument = trim(argument.substr(keyword.size()));
    if (!argument.starts_with("<")) return std::nullopt;
    const auto end = path_end(argument);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view address = argument.substr(1, end - 1);
    // A source route (RFC 5321 appendix C) is accepted and ignored.
    if (address.starts_with("@")) {
        const auto colon = address.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        address.remove_prefix(colon + 1);
    }
    std::string_view rest = argument.substr(end + 1);
    if (!rest.empty() && rest.front() != ' ') return std::nullopt;
    return path{std::string(address), trim(rest)};
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
}

/// Something before and behind an @, and nothing that could not stand in a header line.
bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > most_address_bytes)
        return false;
    const bool has_control = std::ranges::any_of(
        text, [](char letter) { return static_cast<unsigned char>(letter) < ' ' || letter == 0x7F; });
    const bool has_blank_in_domain = text.find(' ', at) != std::string_view::npos;
    const bool has_bare_blank = text.front() != '"' && text.find(' ') != std::string_view::npos;
    return !has_control && !has_blank_in_domain && !has_bare_blank && is_utf8(text);
}

std::optional<reply> take_parameter(std::string_view parameter, mail_command& into) {
    const auto equals = parameter.find('=');
    const auto name = parameter.substr(0, equals);
    const auto value = equals == std::string_view::npos ? std::string_view{} : parameter.substr(equals + 1);
    if (equal_ignoring_case(name, "SIZE")) {
        into.size = parse_number(value);
        if (!into.size) return reply{501, "5.5.4 SIZE needs a number"};
    } else if (equal_ignoring_case(name, "BODY")) {
        const bool is_known = equal_ignoring_case(value, "7BIT") || equal_ignoring_case(value, "8BITMIME");
        if (!is_known) return reply{501, "5.5.4 BODY is 7BIT or 8BITMIME"};
    } else if (equal_ignoring_case(name, "SMTPUTF8") && value.empty()) {
        into.utf8 = true;
    } else {
        return reply{555, "5.5.4 unknown parameter"};
    }
    return std::nullopt;
}

}  // namespace

command_line split_command(std::string_view line) {
    const auto blank = line.find(' ');
    command_line parts;
    parts.verb = to_lower_ascii(line.substr(0, blank));
    std::ranges::transform(parts.verb, parts.verb.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
    });
    if (blank != std::string_view::npos) parts.argument = trim(line.substr(blank));
    return parts;
}

std::variant<mail_command, reply> parse_mail(std::string_view argument) {
    const auto given = parse_path(argument, "FROM:");
    if (!given) return reply{501, "5.5.4 MAIL FROM:<address>"};
    mail_command parsed;
    parsed.from = given->address;
    for (const auto parameter : split(given->parameters, ' ')) {
        if (parameter.empty()) continue;
        if (auto refused = take_parameter(parameter, parsed)) return *std::move(refused);
    }
    if (!parsed.from.empty() && !is_address(parsed.from)) return reply{501, "5.1.7 not an address"};
    if (!parsed.utf8 && !is_ascii(parsed.from)) return reply{550, "5.6.7 needs SMTPUTF8"};
    return parsed;
}

std::variant<std::string, reply> parse_recipient(std::string_view argument, bool utf8) {
    const auto given = parse_path(argument, "TO:");
    if (!given) return reply{501, "5.5.4 RCPT TO:<address>"};
    if (!given->parameters.empty()) return reply{555, "5.5.4 unknown parameter"};
    if (!is_address(given->address) && !equal_ignoring_case(given->address, "postmaster"))
        return reply{501, "5.1.3 not an address"};
    if (!utf8 && !is_ascii(given->address)) return reply{553, "5.6.7 needs SMTPUTF8"};
    return given->address;
}

}  // namespace kindred::mail
