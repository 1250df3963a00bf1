#include "connectors/twilio-voice/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::twilio_voice {
namespace {

using channel::event_id;
using channel::form;
using channel::record;
using channel::record_kind;

/// What Twilio puts in From where the number is withheld: words, and the same words spelt on a telephone's keys
/// (ANONYMOUS, RESTRICTED, UNAVAILABLE). All such callers would else become one customer.
constexpr std::array<std::string_view, 3> spelt_words{"+266696687", "+7378742833", "+86282452253"};

void add_text(record& made, std::string_view name, std::string_view value) {
    if (!value.empty()) made.add_detail(name, json::literal(value));
}

void add_number(record& made, std::string_view name, std::string_view value) {
    if (const auto number = channel::number_of(value)) made.add_detail(name, std::to_string(*number));
}

void read_place(const form& fields, record& made) {
    json::writer place;
    place.begin_object();
    place.member_if("city", fields["FromCity"]).member_if("state", fields["FromState"]);
    place.member_if("zip", fields["FromZip"]).member_if("country", fields["FromCountry"]).end_object();
    if (place.text() != "{}") made.add_detail("geo", place.take());
}

void read_caller(const form& fields, record& made) {
    made.display_name = fields["CallerName"];
    add_text(made, "caller_verified", fields["StirVerstat"]);
    if (std::find(spelt_words.begin(), spelt_words.end(), made.from) != spelt_words.end()) return;
    auto number = phone_identity(made.from);
    if (!number) return;  // "anonymous", client:..., sip:...: a customer of their own
    // The carrier itself says that the number is forged: good enough to show, not to open somebody's history.
    if (fields["StirVerstat"].starts_with("TN-Validation-Failed")) number->proven = proof::claimed;
    made.identities.push_back(std::move(*number));
}

void read_input(const form& fields, record& made) {
    made.kind = record_kind::ivr_input;
    if (fields.has("SpeechResult")) made.text = fields["SpeechResult"];
    add_text(made, "digits", fields["Digits"]);
    add_text(made, "confidence", fields["Confidence"]);
    made.event_id = event_id({"input", made.provider_message_id, fields["Digits"], fields["SpeechResult"]});
}

void read_wait(const form& fields, record& made) {
    made.kind = record_kind::queue_wait;
    add_number(made, "queue_position", fields["QueuePosition"]);
    add_number(made, "queue_time_s", fields["QueueTime"]);
    add_number(made, "queue_size", fields["CurrentQueueSize"]);
    add_text(made, "queue_sid", fields["QueueSid"]);
    made.event_id = event_id({"wait", made.provider_message_id, fields["QueueTime"], fields["QueuePosition"]});
}

result<void> read_result(const form& fields, record& made) {
    made.kind = record_kind::queue_result;
    const bool rang_agent = fields.has("DialCallStatus");
    const auto outcome = rang_agent ? fields["DialCallStatus"] : fields["QueueResult"];
    if (outcome.empty()) return fail(errc::invalid, "QueueResult: is missing");
    add_text(made, "result", outcome);
    // A phone that rang in vain ends nothing, unless the caller has hung up meanwhile.
    const bool gone = rang_agent && agent_did_not_answer(outcome) && fields["CallStatus"] == "completed";
    if (!rang_agent) made.status = outcome;
    if (gone) made.status = "hangup";
    add_number(made, "queue_time_s", fields["QueueTime"]);
    add_number(made, "duration_s", fields["DialCallDuration"]);
    if (made.status == "hangup") made.add_detail("abandoned", "true");
    if (rang_agent && !gone) made.add_detail("agent_answered", agent_did_not_answer(outcome) ? "false" : "true");
    made.event_id = event_id({rang_agent ? "dial" : "queue", made.provider_message_id, outcome,
                              rang_agent ? fields["DialCallSid"] : fields["QueueSid"], fields["QueueTime"]});
    return {};
}

void read_recording(const form& fields, record& made) {
    if (fields["RecordingSid"].empty()) return;
    add_text(made, "recording", fields["RecordingSid"]);
    add_number(made, "recording_s", fields["RecordingDuration"]);
    if (fields["RecordingUrl"].empty()) return;
    channel::attachment sound;
    sound.media_id = fields["RecordingSid"];
    sound.url = fields["RecordingUrl"];
    made.attachments.push_back(std::move(sound));
}

/// A call that an agent began goes on from no other: it is known by the id that Twilio gave when it was placed.
void note_placed_call(const form& fields, record& made) {
    if (made.thread == fields["CallSid"]) made.references.emplace_back(fields["CallSid"]);
}

/// The leg to an agent whom we called is a call of its own: what counts is the caller's, which our address names.
result<void> read_agent_leg(const form& fields, record& made) {
    made.kind = record_kind::queue_result;
    note_placed_call(fields, made);
    const auto became = fields["CallStatus"];
    if (became.empty()) return fail(errc::invalid, "CallStatus: is missing");
    add_text(made, "result", became);
    add_number(made, "duration_s", fields["CallDuration"]);
    if (agent_did_not_answer(became)) made.add_detail("agent_answered", "false");
    if (became == "completed") made.add_detail("agent_answered", "true");
    made.event_id = event_id({"agent", made.thread, fields["CallSid"], became});
    return {};
}

result<void> read_called_back(const form& fields, record& made) {
    made.kind = record_kind::queue_result;
    note_placed_call(fields, made);
    const auto became = fields["DialCallStatus"];
    if (became.empty()) return fail(errc::invalid, "DialCallStatus: is missing");
    add_text(made, "result", became);
    add_number(made, "duration_s", fields["DialCallDuration"]);
    made.add_detail("customer_answered", agent_did_not_answer(became) ? "false" : "true");
    made.event_id = event_id({"called-back", made.thread, fields["CallSid"], became});
    return {};
}

/// What was recorded is a contact: somebody has to listen to it. Twilio tells it twice, when the caller is done and
/// when the recording can be fetched; both have one event id, and whichever comes first counts.
result<void> read_voicemail(const form& fields, record& made) {
    if (fields["RecordingSid"].empty()) return fail(errc::invalid, "RecordingSid: is missing");
    made.kind = record_kind::message;
    made.event_id = event_id({"voicemail", made.thread, fields["RecordingSid"]});
    read_caller(fields, made);
    made.add_detail("voicemail", "true");
    read_recording(fields, made);
    return {};
}

/// A customer whom we called has picked up, and, where it is asked, has answered whether the talk may be recorded. The
/// recording belongs to the leg that went on to the customer's.
result<void> read_picked_up(const form& fields, const form& query, record& made) {
    made.kind = record_kind::call_status;
    const auto recorded = fields["ParentCallSid"];
    if (recorded.empty()) return fail(errc::invalid, "ParentCallSid: is missing");
    made.status = query["step"] == "consent" ? "consent" : "picked-up";
    add_text(made, "digits", fields["Digits"]);
    add_text(made, "recorded_call", recorded);
    if (made.thread == recorded) made.references.emplace_back(recorded);
    made.event_id = event_id({made.status, made.thread, fields["CallSid"]});
    return {};
}

/// What was recorded of a talk. The sound is a file of the call's ticket, as MP3: a tenth of the WAV's size.
result<void> read_talk(const form& fields, record& made) {
    const auto became = fields["RecordingStatus"];
    if (fields["RecordingSid"].empty()) return fail(errc::invalid, "RecordingSid: is missing");
    if (became.empty()) return fail(errc::invalid, "RecordingStatus: is missing");
    made.kind = record_kind::call_status;
    note_placed_call(fields, made);
    made.status = became == "completed" ? "recorded" : "recording-" + std::string(became);
    made.event_id = event_id({"recording", made.thread, fields["RecordingSid"], became});
    if (became != "completed") return {};
    read_recording(fields, made);
    for (auto& sound : made.attachments) {
        sound.url += ".mp3";
        sound.name = sound.media_id + ".mp3";
        sound.type = "audio/mpeg";
    }
    return {};
}

result<void> read_status(const form& fields, record& made) {
    made.kind = record_kind::call_status;
    made.status = fields["CallStatus"];
    const auto recording_status = fields["RecordingStatus"];
    if (made.status.empty() && recording_status.empty()) return fail(errc::invalid, "CallStatus: is missing");
    made.event_id = event_id({"status", made.provider_message_id, made.status, fields["SequenceNumber"],
                              recording_status.empty() ? "" : fields["RecordingSid"], recording_status});
    made.at = parse_mail_date(fields["Timestamp"]);
    add_number(made, "duration_s", fields["CallDuration"]);
    add_number(made, "sequence", fields["SequenceNumber"]);
    add_text(made, "recording_status", recording_status);
    read_recording(fields, made);
    return {};
}

}  // namespace

void read_call(const channel::form& fields, record& made) {
    made.kind = record_kind::call;
    made.status = fields["CallStatus"];
    // Not its status: the same call asks again, under way by then, when it was answered "one moment".
    made.event_id = event_id({"call", made.provider_message_id});
    read_caller(fields, made);
    read_place(fields, made);
    add_text(made, "direction", fields["Direction"]);
    add_text(made, "forwarded_from", fields["ForwardedFrom"]);
}

bool agent_did_not_answer(std::string_view dial_result) {
    return dial_result == "busy" || dial_result == "no-answer" || dial_result == "failed" || dial_result == "canceled";
}

result<record> parse(std::string_view subpath, const form& fields, const form& query) {
    record made;
    made.provider_message_id = fields["CallSid"].empty() ? query["call"] : fields["CallSid"];
    if (made.provider_message_id.empty()) return fail(errc::invalid, "CallSid: is missing");
    made.from = fields["From"].empty() ? query["caller"] : fields["From"];
    made.to = fields["To"];
    // A leg to an agent belongs to the call that it was made for.
    if (!query["call"].empty())
        made.thread = query["call"];
    else
        made.thread = fields["ParentCallSid"].empty() ? made.provider_message_id : std::string(fields["ParentCallSid"]);
    made.conversation = "call:" + made.thread;

    result<void> read;
    if (subpath.empty())
        read_call(fields, made);
    else if (subpath == "/menu" || subpath == "/key")
        read_input(fields, made);
    else if (subpath == "/wait")
        read_wait(fields, made);
    else if (subpath == "/after-queue")
        read = read_result(fields, made);
    else if (subpath == "/agent")
        read = read_agent_leg(fields, made);
    else if (subpath == "/called-back")
        read = read_called_back(fields, made);
    else if (subpath == "/voicemail")
        read = read_voicemail(fields, made);
    else if (subpath == "/picked-up")
        read = read_picked_up(fields, query, made);
    else if (subpath == "/recording")
        read = read_talk(fields, made);
    else if (subpath == "/status")
        read = read_status(fields, made);
    else
        return fail(errc::not_found, "no such address");
    if (!read) return read.error();
    return made;
}

}  // namespace kindred::connectors::twilio_voice
