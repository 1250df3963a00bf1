#pragma once
#include "engine/runtime/step.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Addresses at which somebody answers a survey without logging in: they name it, say until when, and are signed.
namespace kindred::runtime {

inline constexpr std::string_view survey_path = "/surveys/";
/// Of the kept row (secret_rows) that has the secret.
inline constexpr std::string_view survey_secret_id = "survey";

struct survey_link {
    ticket_id ticket;
    std::uint32_t entry = 0;  ///< of the survey in the ticket's history
    time_point until;         ///< to the second
};

/// "<ticket>-<entry>-<until, in seconds since 1970>-<HMAC-SHA-256 over these, as base64url>"
std::string to_token(const survey_link& link, std::string_view secret);
/// None: it was not made with this secret. Whether its time is over is the caller's to look at.
std::optional<survey_link> survey_link_from(std::string_view token, std::string_view secret);

/// At the first start of a store.
void make_survey_secret(step& in);

}  // namespace kindred::runtime
