#include "connectors/vonage/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/jwt.hpp"
#include "engine/channel/provider_host.hpp"

#include <algorithm>

namespace kindred::connectors::vonage {
namespace {

/// The longest that Vonage lets a token live: repeated attempts carry the same one.
constexpr std::chrono::hours token_life{24};

bool is_call_id(std::string_view text) {
    return text.size() == 36 && std::all_of(text.begin(), text.end(), [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') || letter == '-';
           });
}

std::string token_for(const account& ours, time_point now, const std::string& id) {
    const auto issued = to_millis(now) / 1000;
    json::writer claims;
    claims.begin_object().member("application_id", ours.application_id).member("iat", issued);
    claims.member("exp", issued + std::chrono::seconds{token_life}.count()).member("jti", id);
    return channel::signed_token(*ours.key, claims.end_object().take());
}

/// "hold", "resume" or nothing.
std::string hold_order_of(const channel::outgoing& message) {
    const auto details = json::document::parse(message.details);
    return details ? std::string((*details)["hold_order"].text()) : std::string();
}

channel::provider_call order_to(const account& ours, const channel::outgoing& message, std::string method,
                                std::string_view below, std::string body) {
    channel::provider_call made;
    made.method = std::move(method);
    made.url = ours.api_base + "/v1/calls/" + message.provider_message_id + std::string(below);
    made.headers = {{"Authorization", "Bearer " + token_for(ours, message.signed_at(), message.idempotency_key)},
                    {"Content-Type", "application/json"}};
    made.body = std::move(body);
    return made;
}

}  // namespace

result<std::optional<channel::provider_call>> further_call(const account& ours, const call_flow& flow,
                                                           const channel::outgoing& message, std::size_t answered) {
    std::optional<channel::provider_call> next;
    const auto order = hold_order_of(message);
    if (order.empty() || answered > 2) return next;
    const bool holds = order == "hold";
    if (answered == 1)
        next = order_to(ours, message, "PUT", "", holds ? R"({"action":"mute"})" : R"({"action":"unmute"})");
    const auto [below, body] = flow.on_hold(message.language);
    if (answered == 2)
        next =
            order_to(ours, message, holds ? "PUT" : "DELETE", "/" + std::string(below), holds ? body : std::string());
    return next;
}

result<channel::provider_call> transfer_call(const account& ours, const call_flow& flow,
                                             const channel::outgoing& message, std::string_view about) {
    if (ours.application_id.empty() || !ours.key)
        return fail(errc::invalid, "vonage cannot control calls: set application_id and private_key");
    // A call that is to be placed need not go on from another one.
    if (!is_call_id(message.provider_message_id) && !(message.place_call && message.provider_message_id.empty()))
        return fail(errc::invalid, "the contact is no call of Vonage: it has no call id");
    const auto details = json::document::parse(message.details);
    if (details && (*details)["recording_order"].exists())
        return fail(errc::invalid, "Vonage cannot pause the recording of a call; end the call to end it");
    if (const auto order = hold_order_of(message); !order.empty()) {
        if (message.place_call || message.provider_message_id.empty())
            return fail(errc::invalid, "a call that we placed cannot be put on hold: its customer's leg is not known");
        return order_to(ours, message, "PUT", "",
                        order == "hold" ? R"({"action":"earmuff"})" : R"({"action":"unearmuff"})");
    }
    const std::string consent(details ? (*details)["recording_consent"].text() : std::string_view{});
    const call_flow::place at{
        message.language, message.queue, message.provider_message_id, message.thread, message.from, consent, about};
    channel::provider_call made;
    made.headers = {{"Authorization", "Bearer " + token_for(ours, message.signed_at(), message.idempotency_key)},
                    {"Content-Type", "application/json"}};
    if (message.place_call) {
        auto call = flow.call_back(message.agent_address, message.to.empty() ? ours.number : message.to, at);
        if (!call)
            return fail(errc::invalid,
                        "a call needs the agent's phone address (+number, client:name or sip:uri), the customer's "
                        "number and one of ours: the one that was called, or the channel's `number`");
        made.url = ours.api_base + "/v1/calls";
        made.body = std::move(*call);
        return made;
    }
    std::optional<std::string> ncco;
    if (!message.agent_address.empty()) {
        ncco = flow.connect(message.agent_address, message.to, at);
        if (!ncco) return fail(errc::invalid, "the agent's phone address must be +number, client:name or sip:uri");
    } else if (trim(message.text).empty()) {
        return fail(errc::invalid, "nothing to say and no agent to ring");
    } else if (count_code_points(message.text) > longest_talk) {
        return fail(errc::invalid, "the text is too long to be said: Vonage takes 1500 characters");
    } else {
        ncco = flow.announce(message.text, at);
    }
    json::writer body;
    body.begin_object().member("action", "transfer").key("destination").begin_object();
    body.member("type", "ncco").key("ncco").raw(*ncco).end_object().end_object();
    made.method = "PUT";
    made.url = ours.api_base + "/v1/calls/" + message.provider_message_id;
    made.body = body.take();
    return made;
}

result<channel::provider_call> recording_call(const account& ours, const channel::attachment& file, time_point now) {
    const bool at_vonage = channel::is_https_within(file.url, "nexmo.com") ||
                           channel::is_https_within(file.url, "vonage.com") ||
                           channel::is_below(file.url, ours.api_base);
    if (!at_vonage && !file.url.starts_with("https://"))
        return fail(errc::invalid, "the recording has no address to fetch it from");
    channel::provider_call call;
    call.method = "GET";
    call.url = file.url;
    if (at_vonage && ours.key)
        call.headers = {{"Authorization", "Bearer " + token_for(ours, now, "recording:" + file.media_id)}};
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == channel::delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["uuid"].text();
        return by_status;
    }
    const auto detail = (*parsed)["detail"].text();
    const auto said = detail.empty() ? (*parsed)["title"].text() : detail;
    if (!said.empty()) by_status.reason = "Vonage: " + std::string(said);
    return by_status;
}

channel::checkup account_checkup(const account& ours, time_point now) {
    if (ours.application_id.empty() || !ours.key)
        return channel::cannot_ask("calls", "it cannot put callers through: set application_id and private_key");
    const auto token = token_for(ours, now, "checkup:" + std::to_string(to_millis(now)));
    return channel::can_ask("calls", channel::bearer_get(ours.api_base + "/v1/calls?page_size=1", token));
}

}  // namespace kindred::connectors::vonage
