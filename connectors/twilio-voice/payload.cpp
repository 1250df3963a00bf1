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

void read_call(const form& fields, record& made) {
    made.kind = record_kind::call;
    made.status = fields["CallStatus"];
    made.event_id = event_id({"call", made.provider_message_id, made.status});
    read_caller(fields, made);
    read_place(fields, made);
    add_text(made, "direction", fields["Direction"]);
    add_text(made, "forwarded_from", fields["ForwardedFrom"]);
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
    // Only leaving the queue changes where the call stands; a phone that rang in vain does not end it.
    if (!rang_agent) made.status = outcome;
    add_number(made, "queue_time_s", fields["QueueTime"]);
    add_number(made, "duration_s", fields["DialCallDuration"]);
    if (outcome == "hangup") made.add_detail("abandoned", "true");
    if (rang_agent) made.add_detail("agent_answered", agent_did_not_answer(outcome) ? "false" : "true");
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

bool agent_did_not_answer(std::string_view dial_result) {
    return dial_result == "busy" || dial_result == "no-answer" || dial_result == "failed" || dial_result == "canceled";
}

result<record> parse(std::string_view subpath, const form& fields) {
    record made;
    made.provider_message_id = fields["CallSid"];
    if (made.provider_message_id.empty()) return fail(errc::invalid, "CallSid: is missing");
    made.from = fields["From"];
    made.to = fields["To"];
    // A leg to an agent belongs to the call that it was made for.
    made.thread = fields["ParentCallSid"].empty() ? made.provider_message_id : std::string(fields["ParentCallSid"]);
    made.conversation = "call:" + made.thread;

    result<void> read;
    if (subpath.empty())
        read_call(fields, made);
    else if (subpath == "/menu")
        read_input(fields, made);
    else if (subpath == "/wait")
        read_wait(fields, made);
    else if (subpath == "/after-queue")
        read = read_result(fields, made);
    else if (subpath == "/status")
        read = read_status(fields, made);
    else
        return fail(errc::not_found, "no such address");
    if (!read) return read.error();
    return made;
}

}  // namespace kindred::connectors::twilio_voice
