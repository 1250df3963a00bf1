#include "connectors/mailgun/payload.hpp"

#include "connectors/mime/parted_mail.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kindred::connectors::mailgun {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

constexpr std::size_t token_size = 50;
constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999

bool is_time(std::string_view text) {
    const auto seconds = channel::number_of(text);
    return seconds && *seconds >= 0 && *seconds <= last_second;
}

/// Mailgun's words for what happened, and ours.
struct event_meaning {
    std::string_view event;
    record_kind kind;
    std::string_view status;
};
constexpr std::array meanings{
    event_meaning{"accepted", record_kind::status, "accepted"},
    event_meaning{"delivered", record_kind::status, "delivered"},
    event_meaning{"opened", record_kind::status, "read"},
    event_meaning{"failed", record_kind::status, "failed"},
    event_meaning{"rejected", record_kind::status, "failed"},
    event_meaning{"complained", record_kind::complaint, "complained"},
};

void read_time(json::value data, record& made) {
    const auto seconds = data["timestamp"].number();
    if (!seconds || !std::isfinite(*seconds) || *seconds < 0 || *seconds > static_cast<double>(last_second)) return;
    made.at = from_millis(static_cast<std::int64_t>(std::llround(*seconds * 1000)));
}

void read_delivery_status(json::value data, record& made) {
    const auto status = data["delivery-status"];
    if (made.status != "failed" && made.status != "deferred") return;
    if (const auto code = status["code"].text_or_number(); !code.empty()) made.add_detail("error", json::literal(code));
    const auto said = status["message"].text().empty() ? status["description"].text() : status["message"].text();
    if (!said.empty()) made.add_detail("error_text", json::literal(said));
    if (const auto reason = data["reason"].text(); !reason.empty()) made.add_detail("reason", json::literal(reason));
}

mime::envelope envelope_of(const channel::form& fields) {
    mime::envelope travelled;
    if (fields.has("sender")) travelled.from = std::string(fields["sender"]);
    for (const auto recipient : split(fields["recipient"], ','))
        if (!trim(recipient).empty()) travelled.to.emplace_back(trim(recipient));
    return travelled;
}

}  // namespace

proof_of_origin proof_in(const channel::form& fields) {
    return {std::string(fields["timestamp"]), std::string(fields["token"]), std::string(fields["signature"])};
}

proof_of_origin proof_in(json::value event) {
    const auto given = event["signature"];
    return {given["timestamp"].text_or_number(), std::string(given["token"].text()),
            std::string(given["signature"].text())};
}

bool is_genuine(const proof_of_origin& given, const std::vector<std::string>& signing_keys) {
    return given.token.size() == token_size && is_time(given.timestamp) &&
           channel::is_signed(hash_kind::sha256, channel::digest_form::hex, signing_keys,
                              {given.timestamp, given.token}, given.signature);
}

result<record> parse_mail(const route_form& delivered, const mime::mailbox& ours) {
    const auto raw = delivered.fields["body-mime"];
    auto mail = raw.empty() ? mail_of(delivered) : mime::parse(raw);
    if (!mail) return mail.error();
    auto made = mime::to_record(std::move(*mail), envelope_of(delivered.fields), ours);
    mime::add_inline_files(made);
    return made;
}

result<record> parse_event(json::value event) {
    const auto data = event["event-data"];
    if (!data.is_object()) return fail(errc::invalid, "event-data: wants an object");
    const auto name = data["event"].text();
    if (name.empty()) return fail(errc::invalid, "event-data.event: is missing");
    const auto message_id = data["message"]["headers"]["message-id"].text();
    // Mailgun's own event ids are unique for a day only; a repetition has the same token.
    auto key = event_id({"event", proof_in(event).token, name, message_id});
    const auto* const meaning =
        std::find_if(meanings.begin(), meanings.end(), [&](const event_meaning& each) { return each.event == name; });
    if (meaning == meanings.end()) return channel::ignored("unknown_event", std::move(key));

    record made;
    made.kind = meaning->kind;
    made.status = meaning->status;
    if (name == "failed" && data["severity"].text() == "temporary") made.status = "deferred";
    made.event_id = std::move(key);
    made.provider_message_id = message_id;
    if (made.provider_message_id.empty())
        return fail(errc::invalid, "event-data.message.headers.message-id: is missing");
    // Everywhere else, from our own answers to what customers refer to, message ids have their brackets.
    made.references.push_back('<' + made.provider_message_id + '>');
    made.to = data["recipient"].text();
    read_time(data, made);
    read_delivery_status(data, made);
    return made;
}

}  // namespace kindred::connectors::mailgun
