#include "connectors/vonage/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::vonage {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

constexpr std::size_t fewest_digits = 7;  // shorter: a short code or an extension, which takes no plus
constexpr std::size_t most_digits = 15;   // E.164

/// Vonage writes numbers without their plus; names, SIP addresses and short codes stay as they are.
std::string number_of(std::string_view written) {
    const bool digits = std::all_of(written.begin(), written.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool whole = digits && written.size() >= fewest_digits && written.size() <= most_digits;
    return whole && written.front() != '0' ? '+' + std::string(written) : std::string(written);
}

void add_text(record& made, std::string_view name, std::string_view text) {
    if (!text.empty()) made.add_detail(name, json::literal(text));
}

void add_number(record& made, std::string_view name, std::string_view text) {
    if (const auto number = channel::number_of(text)) made.add_detail(name, std::to_string(*number));
}

/// The fields of a request that came by GET, as the object it would have been by POST.
std::string object_of(std::string_view query) {
    json::writer out;
    out.begin_object();
    std::vector<std::string> seen;
    for (const auto& field : parse_form(query)) {
        if (std::find(seen.begin(), seen.end(), field.name) != seen.end()) continue;
        seen.push_back(field.name);
        out.member(to_utf8(field.name), to_utf8(field.value));
    }
    return out.end_object().take();
}

void read_parties(json::value event, record& made) {
    made.from = number_of(event["from"].text_or_number());
    made.to = number_of(event["to"].text_or_number());
    made.provider_message_id = event["uuid"].text().empty() ? event["call_uuid"].text() : event["uuid"].text();
    made.thread = event["conversation_uuid"].text();
    if (made.thread.empty()) made.thread = event["conversation_uuid_from"].text();
    if (made.thread.empty()) made.thread = made.provider_message_id;
    made.conversation = "call:" + made.thread;
    made.at = parse_time(event["timestamp"].text());
}

}  // namespace

result<void> read_call(json::value event, record& made) {
    if (made.provider_message_id.empty()) return fail(errc::invalid, "uuid: is missing");
    made.kind = record_kind::call;
    made.event_id = event_id({"call", made.provider_message_id});
    if (auto number = phone_identity(made.from); number && made.from.starts_with('+'))
        made.identities.push_back(std::move(*number));
    add_text(made, "region_url", event["region_url"].text());
    add_text(made, "endpoint_type", event["endpoint_type"].text());
    return {};
}

namespace {

result<void> read_input(json::value event, std::string_view body, record& made) {
    if (made.provider_message_id.empty()) return fail(errc::invalid, "uuid: is missing");
    made.kind = record_kind::ivr_input;
    made.event_id = event_id({"input", made.provider_message_id, channel::event_id_of_body(body)});
    const auto keys = event["dtmf"];
    add_text(made, "digits", keys.is_object() ? keys["digits"].text() : keys.text());
    if (keys["timed_out"].boolean().value_or(false)) made.add_detail("timed_out", "true");
    const auto heard = event["speech"]["results"].at(0);
    if (heard["text"].is_string()) made.text = heard["text"].text();
    if (const auto sure = heard["confidence"].text_or_number(); !sure.empty()) add_text(made, "confidence", sure);
    return {};
}

void read_recording(json::value event, record& made) {
    const auto url = event["recording_url"].text();
    if (url.empty()) return;
    channel::attachment sound;
    sound.url = url;
    sound.media_id = event["recording_uuid"].text();
    sound.size = event["size"].integer().value_or(-1);
    made.attachments.push_back(std::move(sound));
    made.status = "recorded";
}

result<void> read_event(json::value event, std::string_view body, record& made) {
    made.status = event["status"].text();
    read_recording(event, made);
    const auto moved_to = event["conversation_uuid_to"].text();
    if (made.status.empty() && !moved_to.empty()) made.status = "transfer";
    if (made.status.empty()) {
        const auto reason = event["reason"].text();
        if (reason.empty()) return fail(errc::invalid, "status: is missing");
        made.kind = record_kind::provider_error;
        made.event_id = event_id({"error", made.thread, channel::event_id_of_body(body)});
        add_text(made, "error_text", reason);
        return {};
    }
    if (made.provider_message_id.empty() && made.thread.empty()) return fail(errc::invalid, "uuid: is missing");
    made.kind = record_kind::call_status;
    made.event_id = event_id(
        {"status", made.provider_message_id, made.status, event["timestamp"].text(), event["recording_uuid"].text()});
    add_number(made, "duration_s", event["duration"].text_or_number());
    add_text(made, "direction", event["direction"].text());
    add_text(made, "price", event["price"].text_or_number());
    add_text(made, "reason", event["detail"].text().empty() ? event["reason"].text() : event["detail"].text());
    add_text(made, "moved_to", moved_to);
    return {};
}

/// A waiting caller goes round: with a key, or without one when the time for it is over.
result<void> read_wait(json::value event, record& made) {
    if (made.provider_message_id.empty()) return fail(errc::invalid, "uuid: is missing");
    made.kind = record_kind::queue_wait;
    const auto keys = event["dtmf"];
    const auto digits = keys.is_object() ? keys["digits"].text() : keys.text();
    add_text(made, "digits", digits);
    made.event_id = event_id({"wait", made.provider_message_id, event["timestamp"].text(), digits});
    return {};
}

/// What was recorded is a contact: somebody has to listen to it. Whose it is says the call, which the token covers.
result<void> read_voicemail(json::value event, record& made) {
    if (event["recording_url"].text().empty()) return fail(errc::invalid, "recording_url: is missing");
    if (made.thread.empty()) return fail(errc::invalid, "conversation_uuid: is missing");
    made.kind = record_kind::message;
    made.event_id = event_id({"voicemail", made.thread, event["recording_uuid"].text()});
    made.add_detail("voicemail", "true");
    read_recording(event, made);
    made.status.clear();
    return {};
}

/// What was recorded of a talk: a file of the call's ticket.
result<void> read_talk(json::value event, record& made) {
    if (event["recording_url"].text().empty()) return fail(errc::invalid, "recording_url: is missing");
    if (made.thread.empty()) return fail(errc::invalid, "conversation_uuid: is missing");
    made.kind = record_kind::call_status;
    made.event_id = event_id({"recording", made.thread, event["recording_uuid"].text()});
    read_recording(event, made);
    for (auto& sound : made.attachments) {
        sound.name = (sound.media_id.empty() ? "recording" : sound.media_id) + ".mp3";
        sound.type = "audio/mpeg";
    }
    return {};
}

/// A customer whom we called has picked up, and, where it is asked, has answered whether the talk may be recorded.
result<void> read_picked_up(json::value event, std::string_view query, record& made) {
    if (made.provider_message_id.empty()) return fail(errc::invalid, "uuid: is missing");
    const auto keys = event["dtmf"];
    made.kind = record_kind::call_status;
    made.status = channel::form::parse(query)["step"] == "consent" ? "consent" : "picked-up";
    add_text(made, "digits", keys.is_object() ? keys["digits"].text() : keys.text());
    made.event_id = event_id({made.status, made.provider_message_id});
    return {};
}

/// The leg to the agent is a call of its own: what counts is the caller's, which our address names.
result<void> read_agent_leg(json::value event, std::string_view query, record& made) {
    const auto named = channel::form::parse(query);
    if (!named["conversation"].empty()) {
        made.thread = named["conversation"];
        made.conversation = "call:" + made.thread;
    } else if (!named["back"].empty() && !made.provider_message_id.empty()) {
        // A call that an agent began goes on from no other: it is known by the id that Vonage gave when it was placed.
        made.references.push_back(made.provider_message_id);
    } else {
        return fail(errc::invalid, "conversation: is missing in the address");
    }
    made.kind = record_kind::queue_result;
    const auto status = event["status"].text();
    if (status.empty()) return fail(errc::invalid, "status: is missing");
    made.event_id = event_id({"agent", made.provider_message_id, status, event["timestamp"].text()});
    add_text(made, "result", status);
    // Before anybody picked up it is the caller who cancels.
    if (status == "cancelled" && named["back"].empty()) {
        made.status = "hangup";
        made.add_detail("abandoned", "true");
    } else if (agent_did_not_answer(status)) {
        made.add_detail("agent_answered", "false");
    }
    return {};
}

}  // namespace

bool agent_did_not_answer(std::string_view status) {
    constexpr std::array<std::string_view, 7> nobody{"busy",     "cancelled", "failed",    "machine",
                                                     "rejected", "timeout",   "unanswered"};
    return std::find(nobody.begin(), nobody.end(), status) != nobody.end();
}

result<record> parse(std::string_view subpath, std::string_view body, std::string_view query) {
    const auto text = body.empty() ? object_of(query) : std::string(body);
    const auto parsed = json::document::parse(text);
    if (!parsed) return parsed.error();
    const auto event = parsed->root();
    if (!event.is_object()) return fail(errc::invalid, "the body: wants an object");
    record made;
    read_parties(event, made);
    result<void> read;
    if (subpath == "/answer" || subpath.empty())
        read = read_call(event, made);
    else if (subpath == "/input")
        read = read_input(event, text, made);
    else if (subpath == "/wait")
        read = read_wait(event, made);
    else if (subpath == "/voicemail")
        read = read_voicemail(event, made);
    else if (subpath == "/recording")
        read = read_talk(event, made);
    else if (subpath == "/picked-up")
        read = read_picked_up(event, query, made);
    else if (subpath == "/event")
        read = read_event(event, text, made);
    else if (subpath == "/agent")
        read = read_agent_leg(event, query, made);
    else
        return fail(errc::not_found, "no such address");
    if (!read) return read.error();
    return made;
}

}  // namespace kindred::connectors::vonage
