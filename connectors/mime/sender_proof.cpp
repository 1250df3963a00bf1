#include "connectors/mime/sender_proof.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

/// A header value in lower case without comments and white space.
std::string compact(std::string_view value) {
    std::string text;
    int comment = 0;
    for (const char c : value) {
        if (c == '(') ++comment;
        const bool skipped = comment > 0 || c == ' ' || c == '\t';
        if (c == ')' && comment > 0) --comment;
        if (!skipped) text.push_back(c);
    }
    return to_lower_ascii(text);
}

}  // namespace

bool sender_is_authenticated(const message& mail, std::string_view server) {
    if (server.empty() || mail.authentication_results.empty() || mail.from.size() != 1) return false;
    const auto value = trim(mail.authentication_results.front());
    const auto authority = value.substr(0, value.find_first_of("; \t"));
    if (!equal_ignoring_case(authority, server)) return false;
    const auto& email = mail.from.front().email;
    const auto domain =
        to_lower_ascii(std::string_view(email).substr(std::min(email.rfind('@'), email.size() - 1) + 1));
    const auto text = compact(value);
    for (const auto part : split(text, ';')) {
        if (!part.starts_with("dmarc=pass")) continue;
        const auto named = part.find("header.from=");
        return named != std::string_view::npos && part.substr(named + 12) == domain;
    }
    return false;
}

}  // namespace kindred::connectors::mime
