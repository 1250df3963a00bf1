#include "connectors/bots/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/standard_webhook.hpp"

namespace kindred::connectors::bots {
namespace {

/// Rasa says a bot's utterance in the channel where the customer last wrote.
channel::provider_call rasa_call(const answer_route& route, const channel::outgoing& message) {
    json::writer body;
    body.begin_object().member("event", "bot").member("text", message.text);
    body.key("data").begin_object().end_object();
    body.key("metadata").begin_object().member("kindred_id", message.idempotency_key);
    body.member_if("agent", message.agent_name).end_object().end_object();
    channel::provider_call call;
    call.url = route.rasa_base + "/conversations/" + encode_percent(message.thread) +
               "/tracker/events?output_channel=latest&execute_side_effects=true";
    if (!route.rasa_token.empty()) call.url += "&token=" + encode_percent(route.rasa_token);
    call.headers = {{"Content-Type", "application/json"}};
    call.body = body.take();
    return call;
}

bool is_of_rasa(const std::string& details) {
    const auto parsed = json::document::parse(details);
    return parsed && (*parsed)["bot"].text() == name_of(format::rasa);
}

}  // namespace

result<channel::provider_call> reply_call(const answer_route& route, const channel::outgoing& message) {
    if (message.thread.empty()) return fail(errc::invalid, "the contact has no conversation to answer in");
    if (message.text.empty()) return fail(errc::invalid, "a bot cannot say an empty text");
    if (!is_utf8(message.text)) return fail(errc::invalid, "the answer is not UTF-8");
    if (!route.rasa_base.empty() && is_of_rasa(message.details)) return rasa_call(route, message);
    if (route.callback_url.empty())
        return fail(errc::invalid, "answers to this bot go nowhere: set callback_url (or api_base, for Rasa)");
    if (route.callback_keys.empty()) return fail(errc::invalid, "answers cannot be signed: set callback_secret");
    return channel::standard_webhook_reply(route.callback_url, route.callback_keys, message);
}

channel::checkup route_checkup(const answer_route& route) {
    if (route.rasa_base.empty())
        return channel::cannot_ask("callback",
                                   route.callback_url.empty()
                                       ? "it receives, and cannot send: set api_base or callback_url"
                                       : "whoever takes answers at callback_url knows no question without an effect");
    channel::provider_call call;
    call.method = "GET";
    call.url = route.rasa_base + "/status";
    if (!route.rasa_token.empty()) call.url += "?token=" + encode_percent(route.rasa_token);
    return channel::can_ask("status", std::move(call), "model_file");
}

}  // namespace kindred::connectors::bots
