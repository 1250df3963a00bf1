#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"
#include "engine/channel/record.hpp"
#include "engine/channel/webhook.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What Twilio's messaging channels (SMS, WhatsApp) have in common beside the signature of twilio.hpp.
/// Sources: twilio.com/docs/messaging/guides/webhook-request, twilio.com/docs/messaging/api/message-resource.
namespace kindred::channel {

/// Where and as whom messages are sent.
struct twilio_account {
    std::string api_base;
    std::string account_sid;
    std::string user;  ///< the account, or an API key
    std::string password;
    std::string number;           ///< ours; empty: the one that the customer wrote to
    std::string service_sid;      ///< a messaging service instead of a number
    std::string status_callback;  ///< empty: Twilio does not report
    /// ContentSids of approved templates, by "name" or "name:language"; none: it sends no templates.
    std::map<std::string, std::string, std::less<>> contents{};
};

/// Reads account_sid, api_key, api_key_secret, number, messaging_service_sid and api_base. The first of `auth_tokens`
/// is the password unless an API key is set.
twilio_account twilio_account_of(options& settings, const std::vector<std::string>& auth_tokens);

/// Reads content_sids, a list of "name=HX..." and "name:language=HX...".
std::map<std::string, std::string, std::less<>> twilio_contents_of(options& settings);

/// Whether the fields of a form report on a message of ours rather than bring one.
bool is_twilio_status(const form& fields);

/// Ids, text, media and addresses of a received message, addresses without "whatsapp:".
/// errc::invalid: names the field that is missing.
result<record> twilio_message(const form& fields);

/// What became of a message of ours. errc::invalid: names the field that is missing.
result<record> twilio_message_status(const form& fields);

/// The verified form of a request to one of a messaging channel's two addresses ("" and "/status"), or its refusal.
std::variant<form, reception> verified_twilio_message(const request& arrived,
                                                      const std::vector<std::string>& auth_tokens,
                                                      std::string_view account_sid);

/// 200 with an empty TwiML document once the record is durable; 200 with nothing for a status.
reception accept_twilio_message(record happened);

/// POST /2010-04-01/Accounts/{AccountSid}/Messages.json. `address_prefix` goes in front of addresses that lack it
/// ("whatsapp:"). A template goes as ContentSid and ContentVariables, files as MediaUrl, which Twilio fetches.
/// errc::invalid: the account is incomplete, there is nobody to send to, the text is empty or over 1600 characters, a
/// file has no address, or the template has no ContentSid. Source:
/// twilio.com/docs/content/send-templates-created-with-the-content-template-builder.
result<provider_call> twilio_message_call(const twilio_account& ours, std::string_view address_prefix,
                                          const outgoing& message);

/// Adds the account's proof to the fetching of media that Twilio itself keeps, and to nothing else.
/// Source: twilio.com/docs/messaging/guides/accepting-and-downloading-media, "HTTP Basic Auth for media".
result<provider_call> twilio_media_call(const twilio_account& ours, result<provider_call> wanted);

/// What proves that the account and its secret work (twilio_checkup()).
checkup twilio_account_checkup(const twilio_account& ours);

/// Reads Twilio's JSON: rate limits are tried again, its error codes say why the rest has failed.
delivery judge_twilio_message(const provider_answer& answered, delivery by_status);

}  // namespace kindred::channel
