#include "connectors/twilio-voice/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/twilio.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace kindred::connectors::twilio_voice {
namespace {

/// The API takes TwiML of at most this many characters.
constexpr std::size_t longest_twiml = 4000;

/// Two letters and 32 hex digits: "CA" of calls, "RE" of recordings, "CF" of conferences.
bool is_sid(std::string_view text, std::string_view kind) {
    return text.size() == 34 && text.starts_with(kind) && std::all_of(text.begin() + 2, text.end(), [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
           });
}

bool is_call_sid(std::string_view text) { return is_sid(text, "CA"); }

channel::provider_call call_to(const account& ours, std::string_view resource,
                               std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    channel::provider_call call;
    call.url = ours.api_base + "/2010-04-01/Accounts/" + encode_percent(ours.account_sid) + std::string(resource);
    call.headers = {{"Content-Type", std::string(channel::form_media_type)}};
    for (const auto& [name, value] : fields) {
        if (!call.body.empty()) call.body += '&';
        call.body.append(name).append("=").append(encode_percent(value));
    }
    call.user = ours.account_sid;
    call.password = ours.auth_token;
    return call;
}

result<channel::provider_call> with_twiml(channel::provider_call call, const std::string& document) {
    if (count_code_points(document) > longest_twiml)
        return fail(errc::invalid, "the text is too long to be said: TwiML is at most 4000 characters");
    call.body += (call.body.empty() ? "Twiml=" : "&Twiml=") + encode_percent(document);
    return call;
}

/// The agent first: a customer who is called wants to hear a person.
result<channel::provider_call> call_back(const account& ours, const call_flow& flow, const channel::outgoing& message,
                                         const call_flow::place& at, const std::string& ring) {
    const auto& shown = message.to.empty() ? ours.number : message.to;
    const auto document = flow.call_customer(shown, at);
    if (!document) return fail(errc::invalid, "the customer has no number that could be called");
    if (!is_international_number(shown))
        return fail(errc::invalid, "there is no number of ours to call from: set `number` on the channel");
    const auto goes = flow.address("/agent", {at.language, {}, at.call, {}, {}});
    return with_twiml(call_to(ours, "/Calls.json",
                              {{"To", message.agent_address},
                               {"From", shown},
                               {"Timeout", ring},
                               {"StatusCallback", goes},
                               {"StatusCallbackMethod", "POST"}}),
                      *document);
}

channel::provider_call call_into_conference(const account& ours, const call_flow& flow,
                                            const channel::outgoing& message, const call_flow::place& at,
                                            const std::string& ring) {
    const auto goes = flow.address("/agent", {at.language, {}, at.call, {}, {}});
    return call_to(ours, "/Conferences/" + message.thread + "/Participants.json",
                   {{"From", message.to},
                    {"To", message.agent_address},
                    {"Label", "agent"},
                    {"Timeout", ring},
                    {"Beep", "false"},
                    {"EndConferenceOnExit", "true"},
                    {"StatusCallback", goes},
                    {"StatusCallbackMethod", "POST"}});
}

std::string detail_of(const std::string& details, std::string_view name) {
    const auto parsed = json::document::parse(details);
    return parsed ? std::string((*parsed)[name].text()) : std::string();
}

enum class order { none, start, pause, resume };

order order_of(const channel::outgoing& message) {
    const auto named = detail_of(message.details, "recording_order");
    if (named == "start") return order::start;
    if (named == "pause") return order::pause;
    return named.empty() ? order::none : order::resume;
}

/// twilio.com/docs/voice/api/recording#update-a-recording-resource: Twilio.CURRENT is the one in progress.
channel::provider_call change_of_recording(const account& ours, std::string_view below, order wanted) {
    const auto recording = std::string(below) + "/Recordings/Twilio.CURRENT.json";
    if (wanted == order::pause) return call_to(ours, recording, {{"Status", "paused"}, {"PauseBehavior", "skip"}});
    return call_to(ours, recording, {{"Status", "in-progress"}});
}

/// Which call is recorded: the one that an order names, for those that we placed; else the caller's.
std::string recorded_call(const channel::outgoing& message) {
    auto named = detail_of(message.details, "recorded_call");
    return named.empty() ? message.thread : named;
}

bool is_conference_order(const call_flow& flow, const channel::outgoing& message) {
    return flow.how().meets == meeting::conference && detail_of(message.details, "recorded_call").empty();
}

/// A conference's own id is asked for by its name.
channel::provider_call conference_named(const account& ours, const std::string& name) {
    auto asked = call_to(ours, "/Conferences.json?FriendlyName=" + name + "&Status=in-progress", {});
    asked.method = "GET";
    asked.headers.clear();
    return asked;
}

result<channel::provider_call> order_recording(const account& ours, const call_flow& flow,
                                               const channel::outgoing& message) {
    const auto call = recorded_call(message);
    if (!is_call_sid(call)) return fail(errc::invalid, "there is no call that could be recorded");
    const auto wanted = order_of(message);
    if (wanted == order::start) {
        const auto told_at =
            flow.recording_address({message.language, {}, message.thread == call ? "" : message.thread, {}, {}});
        return call_to(ours, "/Calls/" + call + "/Recordings.json",
                       {{"RecordingChannels", "dual"},
                        {"RecordingStatusCallback", told_at},
                        {"RecordingStatusCallbackMethod", "POST"},
                        {"RecordingStatusCallbackEvent", "completed absent"}});
    }
    if (!is_conference_order(flow, message)) return change_of_recording(ours, "/Calls/" + call, wanted);
    return conference_named(ours, call);
}

enum class hold_order { none, hold, resume };

hold_order hold_order_of(const channel::outgoing& message) {
    const auto named = detail_of(message.details, "hold_order");
    if (named.empty()) return hold_order::none;
    return named == "hold" ? hold_order::hold : hold_order::resume;
}

/// twilio.com/docs/voice/api/conference-participant-resource, "Update a Participant resource".
channel::provider_call hold_participant(const account& ours, const call_flow& flow, const std::string& conference,
                                        const channel::outgoing& message) {
    const auto participant = "/Conferences/" + conference + "/Participants/" + message.thread + ".json";
    if (hold_order_of(message) == hold_order::resume) return call_to(ours, participant, {{"Hold", "false"}});
    const auto heard_at = flow.address("/hold", {message.language, {}, {}, {}, {}});
    return call_to(ours, participant, {{"Hold", "true"}, {"HoldUrl", heard_at}, {"HoldMethod", "POST"}});
}

/// In a conference the customer is held there. Elsewhere the customer's leg hears something else, which ends the
/// agent's, and the agent's phone rings again when the talk goes on.
result<channel::provider_call> order_hold(const account& ours, const call_flow& flow,
                                          const channel::outgoing& message) {
    if (message.place_call || !is_call_sid(message.thread))
        return fail(errc::invalid,
                    "a call that we placed cannot be put on hold: Twilio does not name the customer's leg");
    if (flow.how().meets == meeting::conference) return conference_named(ours, message.thread);
    const auto this_call = "/Calls/" + message.thread + ".json";
    const auto consent = detail_of(message.details, "recording_consent");
    const call_flow::place at{message.language, message.queue, message.thread, message.from, {}, consent};
    if (hold_order_of(message) == hold_order::hold) return with_twiml(call_to(ours, this_call, {}), flow.on_hold(at));
    if (!is_agent_address(message.agent_address))
        return fail(errc::invalid, "the agent's phone address must be +number, client:name or sip:uri");
    return with_twiml(call_to(ours, this_call, {}), *flow.connect(message.agent_address, message.to, at));
}

}  // namespace

result<channel::provider_call> reach_caller(const account& ours, const call_flow& flow,
                                            const channel::outgoing& message) {
    if (ours.account_sid.empty() || ours.auth_token.empty())
        return fail(errc::invalid, "twilio-voice cannot control calls: set account_sid and auth_token");
    if (order_of(message) != order::none) return order_recording(ours, flow, message);
    if (hold_order_of(message) != hold_order::none) return order_hold(ours, flow, message);
    // A call that is to be placed need not go on from another one.
    if (!is_call_sid(message.thread) && !(message.place_call && message.thread.empty()))
        return fail(errc::invalid, "the contact is no call of Twilio: its thread is no call id");
    const auto consent = detail_of(message.details, "recording_consent");
    const call_flow::place at{message.language, message.queue, message.thread, message.from, {}, consent};
    const auto this_call = "/Calls/" + message.thread + ".json";
    if (message.agent_address.empty()) {
        if (message.text.empty()) return fail(errc::invalid, "nothing to say and no agent to ring");
        return with_twiml(call_to(ours, this_call, {}), flow.announce(message.text, at));
    }
    if (!is_agent_address(message.agent_address))
        return fail(errc::invalid, "the agent's phone address must be +number, client:name or sip:uri");
    const auto ring = std::to_string(std::chrono::ceil<std::chrono::seconds>(flow.how().ring).count());
    if (message.place_call) return call_back(ours, flow, message, at, ring);
    if (flow.how().meets == meeting::conference) return call_into_conference(ours, flow, message, at, ring);
    return with_twiml(call_to(ours, this_call, {}), *flow.connect(message.agent_address, message.to, at));
}

result<std::optional<channel::provider_call>> further_call(const account& ours, const call_flow& flow,
                                                           const channel::outgoing& message,
                                                           std::span<const channel::provider_answer> answered) {
    std::optional<channel::provider_call> next;
    const bool holds = hold_order_of(message) != hold_order::none;
    if ((order_of(message) == order::none && !holds) || answered.size() != 1) return next;
    const auto parsed = json::document::parse(answered.front().body);
    // A recording answered: that was all. A list of conferences answered: the order itself comes now.
    if (!parsed || !(*parsed)["conferences"].is_array()) return next;
    const auto conference = std::string((*parsed)["conferences"].at(0)["sid"].text());
    if (!is_sid(conference, "CF")) return fail(errc::invalid, "the conference is over");
    next = holds ? hold_participant(ours, flow, conference, message)
                 : change_of_recording(ours, "/Conferences/" + conference, order_of(message));
    return next;
}

std::optional<channel::provider_call> forget_recording(const account& ours, const channel::attachment& file) {
    if (ours.account_sid.empty() || ours.auth_token.empty() || !is_sid(file.media_id, "RE")) return std::nullopt;
    auto call = call_to(ours, "/Recordings/" + file.media_id + ".json", {});
    call.method = "DELETE";
    call.headers.clear();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == channel::delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["sid"].text();
    } else if (const auto code = (*parsed)["code"].integer()) {
        by_status.reason = "Twilio error " + std::to_string(*code) + ": " + std::string((*parsed)["message"].text());
    }
    return by_status;
}

channel::checkup account_checkup(const account& ours) {
    return channel::twilio_checkup(ours.api_base, ours.account_sid, ours.account_sid, ours.auth_token);
}

}  // namespace kindred::connectors::twilio_voice
