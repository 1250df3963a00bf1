#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/webhook.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What Twilio's webhooks (voice, SMS, WhatsApp) have in common.
/// Sources: twilio.com/docs/usage/webhooks/webhooks-security; twilio/twilio-node src/webhooks/webhooks.ts.
namespace kindred::channel {

/// Whether `signature` (base64 HMAC-SHA1) covers the address and the form fields. Twilio is not consistent about
/// default ports, user names and query encoding in the address it signs, so every form that its own library accepts is
/// tried.
bool is_signed_by_twilio(const std::vector<std::string>& auth_tokens, std::string_view url,
                         const std::vector<form_field>& fields, std::string_view signature);

/// The same for a body that is no form: the address carries bodySHA256, and signs it.
bool is_signed_by_twilio_with_body(const std::vector<std::string>& auth_tokens, std::string_view url,
                                   std::string_view body, std::string_view signature);

/// The verified fields of a delivery (of the query for GET), or why it must be refused: not_configured,
/// missing_signature, wrong_signature, wrong_content_type, malformed, and wrong_account when `account_sid` is not empty
/// and another account's delivery arrives.
std::variant<form, reception> verified_twilio_form(const request& arrived, const std::vector<std::string>& auth_tokens,
                                                   std::string_view account_sid);

/// What proves that an account and its secret work: the account itself. `user` is the account, or an API key; empty
/// `password`: it cannot be asked. Source: twilio.com/docs/iam/api/account.
checkup twilio_checkup(const std::string& api_base, const std::string& account_sid, std::string user,
                       std::string password);

/// Twilio answers for suspended and closed accounts too: those are failures.
checkup_result read_twilio_checkup(const provider_answer& answered, checkup_result read);

}  // namespace kindred::channel
