#include "connectors/postmark/payload.hpp"

#include "connectors/postmark/inbound_mail.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::postmark {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

/// Postmark's record types, and where each says who and when.
struct event_meaning {
    std::string_view type;
    record_kind kind;
    std::string_view status;
    std::string_view recipient;
    std::string_view time;
};
constexpr std::array meanings{
    event_meaning{"Bounce", record_kind::status, "bounced", "Email", "BouncedAt"},
    event_meaning{"Delivery", record_kind::status, "delivered", "Recipient", "DeliveredAt"},
    event_meaning{"Open", record_kind::status, "read", "Recipient", "ReceivedAt"},
    event_meaning{"SpamComplaint", record_kind::complaint, "complained", "Email", "BouncedAt"},
};

/// What a bounce of a type means: Postmark reports everything that came back as one.
std::string_view status_of_bounce(std::string_view type) {
    if (type == "Transient" || type == "SoftBounce" || type == "DnsError") return "deferred";
    if (type == "AutoResponder" || type == "ChallengeVerification" || type == "OpenRelayTest") return "answered";
    if (type == "SpamComplaint" || type == "SpamNotification") return "complained";
    return "bounced";
}

void add_text(record& made, std::string_view name, std::string_view text) {
    if (!text.empty()) made.add_detail(name, json::literal(text));
}

void read_bounce(json::value event, record& made) {
    made.status = status_of_bounce(event["Type"].text());
    if (made.status == "complained") made.kind = record_kind::complaint;
    add_text(made, "error", event["Type"].text());
    const auto said = event["Details"].text().empty() ? event["Description"].text() : event["Details"].text();
    add_text(made, "error_text", said);
    if (event["Inactive"].boolean().value_or(false)) made.add_detail("address_suppressed", "true");
}

result<record> parse_event(json::value event, std::string_view type, std::string_view body) {
    const auto message_id = event["MessageID"].text();
    const auto* const meaning =
        std::find_if(meanings.begin(), meanings.end(), [&](const event_meaning& each) { return each.type == type; });
    if (meaning == meanings.end())
        return channel::ignored("unknown_event", event_id({type, channel::event_id_of_body(body)}));
    if (message_id.empty()) return fail(errc::invalid, "MessageID: is missing");

    record made;
    made.kind = meaning->kind;
    made.status = meaning->status;
    made.provider_message_id = message_id;
    made.references.emplace_back(message_id);
    made.to = event[meaning->recipient].text();
    const auto when = event[meaning->time].text();
    made.at = parse_time(when);
    if (type == "Bounce") read_bounce(event, made);
    made.event_id = event_id({type, message_id, made.to, when, event["ID"].text_or_number()});
    return made;
}

}  // namespace

result<record> parse(std::string_view body, const mime::mailbox& ours) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (!root.is_object()) return fail(errc::invalid, "the body: wants an object");
    const auto type = root["RecordType"].text();
    return type.empty() || type == "Inbound" ? parse_mail(root, ours) : parse_event(root, type, body);
}

}  // namespace kindred::connectors::postmark
