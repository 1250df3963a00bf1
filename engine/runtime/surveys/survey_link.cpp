#include "engine/runtime/surveys/survey_link.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/runtime/people/registers.hpp"

namespace kindred::runtime {
namespace {

std::string signature_of(std::string_view named, std::string_view secret) {
    return to_base64url(hmac_of(hash_kind::sha256, secret, {"survey.", named}));
}

std::int64_t seconds_of(time_point at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

std::string to_token(const survey_link& link, std::string_view secret) {
    const auto named =
        to_string(link.ticket) + '-' + std::to_string(link.entry) + '-' + std::to_string(seconds_of(link.until));
    return named + '-' + signature_of(named, secret);
}

std::optional<survey_link> survey_link_from(std::string_view token, std::string_view secret) {
    // The signature may have hyphens of its own.
    std::size_t end = 0;
    for (int part = 0; part < 3; ++part) {
        end = token.find('-', part == 0 ? 0 : end + 1);
        if (end == std::string_view::npos) return std::nullopt;
    }
    const auto named = token.substr(0, end);
    if (secret.empty() || !equal_secrets(signature_of(named, secret), token.substr(end + 1))) return std::nullopt;
    const auto parts = split(named, '-');
    const auto ticket = parse_id<ticket_id>(parts[0]);
    const auto entry = parse_number(parts[1]);
    const auto until = parse_number(parts[2]);
    if (!ticket || !entry || !until) return std::nullopt;
    return survey_link{*ticket, static_cast<std::uint32_t>(*entry),
                       time_point{std::chrono::seconds{static_cast<std::int64_t>(*until)}}};
}

void make_survey_secret(step& in) {
    auto& secret = in.on().survey_secret;
    if (!secret.empty()) return;
    secret = random_token();
    in.put_kept({std::string(secret_rows), std::string(survey_secret_id), in.now(), secret});
}

}  // namespace kindred::runtime
