#include "connectors/ses-sns/payload.hpp"

#include "connectors/mime/parted_mail.hpp"
#include "connectors/mime/spam.hpp"
#include "engine/base/digest.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::ses_sns {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

constexpr std::size_t most_recipients = 100;

/// SES's words for what happened, ours, and where it says to whom.
struct event_meaning {
    std::string_view type;
    std::string_view member;
    std::string_view recipients;
    record_kind kind;
    std::string_view status;
};
constexpr std::array meanings{
    event_meaning{"Bounce", "bounce", "bouncedRecipients", record_kind::status, "bounced"},
    event_meaning{"Complaint", "complaint", "complainedRecipients", record_kind::complaint, "complained"},
    event_meaning{"Delivery", "delivery", "recipients", record_kind::status, "delivered"},
    event_meaning{"DeliveryDelay", "deliveryDelay", "delayedRecipients", record_kind::status, "deferred"},
    event_meaning{"Send", "send", "", record_kind::status, "accepted"},
    event_meaning{"Reject", "reject", "", record_kind::status, "failed"},
    event_meaning{"Rendering Failure", "failure", "", record_kind::status, "failed"},
    event_meaning{"Open", "open", "", record_kind::status, "read"},
};

void add_text(record& made, std::string_view name, std::string_view text) {
    if (!text.empty()) made.add_detail(name, json::literal(text));
}

mime::envelope envelope_of(json::value ses) {
    mime::envelope travelled;
    if (const auto source = ses["mail"]["source"]; source.is_string()) travelled.from = std::string(source.text());
    auto recipients = ses["receipt"]["recipients"];
    if (!recipients.is_array()) recipients = ses["mail"]["destination"];
    recipients.for_each([&](json::value each) {
        if (!each.text().empty()) travelled.to.emplace_back(each.text());
    });
    return travelled;
}

/// SES may leave the mail in a bucket: then its headers are all there is.
result<mime::message> headers_only(json::value ses) {
    mime::parted_mail parts;
    ses["mail"]["headers"].for_each(
        [&](json::value each) { parts.headers.emplace_back(each["name"].text(), each["value"].text()); });
    return mime::put_together(std::move(parts));
}

result<mime::message> mail_of(json::value ses, std::optional<std::string_view> fetched) {
    if (fetched) return mime::parse(*fetched);
    const auto content = ses["content"];
    if (!content.is_string()) return headers_only(ses);
    if (ses["receipt"]["action"]["encoding"].text() != "BASE64") return mime::parse(content.text());
    const auto raw = from_base64(content.text());
    if (!raw) return fail(errc::invalid, "content: is no base64");
    return mime::parse(*raw);
}

/// SNS carries small mails alone; a rule may leave all of them in a bucket.
std::optional<mail_place> place_of(json::value ses) {
    const auto action = ses["receipt"]["action"];
    if (ses["content"].is_string() || action["objectKey"].text().empty()) return std::nullopt;
    return mail_place{std::string(action["bucketName"].text()), std::string(action["objectKey"].text())};
}

std::string_view type_of(json::value ses) {
    return ses["notificationType"].exists() ? ses["notificationType"].text() : ses["eventType"].text();
}

void read_verdicts(json::value receipt, record& made) {
    for (const std::string_view name : {"spam", "virus", "spf", "dkim", "dmarc"}) {
        const auto verdict = receipt[std::string(name) + "Verdict"]["status"].text();
        add_text(made, std::string(name) + "_verdict", verdict);
        if (name == "dmarc" && verdict == "PASS")
            for (auto& each : made.identities) each.proven = proof::proven;
    }
}

result<record> read_mail(json::value ses, std::string_view message_id, const mime::mailbox& ours,
                         std::optional<std::string_view> fetched) {
    auto mail = mail_of(ses, fetched);
    if (!mail) return mail.error();
    auto made = mime::to_record(std::move(*mail), envelope_of(ses), ours);
    made.event_id = message_id;
    mime::add_inline_files(made);
    add_text(made, "ses_id", ses["mail"]["messageId"].text());
    read_verdicts(ses["receipt"], made);
    const auto failed = [&](const char* verdict) { return ses["receipt"][verdict]["status"].text() == "FAIL"; };
    if (failed("spamVerdict") || failed("virusVerdict")) mime::mark_spam(made, ours.ignores_spam);
    const auto elsewhere = place_of(ses);
    if (!elsewhere) return made;
    if (!fetched) made.text.reset();
    json::writer where;
    where.begin_object().member("bucket", elsewhere->bucket).member("key", elsewhere->key);
    made.add_detail(fetched ? "fetched" : "fetch", where.end_object().take());
    return made;
}

/// A recipient is a text, or an object with its address and what happened to it.
record read_recipient(const event_meaning& meaning, json::value ses, json::value recipient) {
    const auto what = ses[meaning.member];
    record made;
    made.kind = meaning.kind;
    made.status = meaning.status;
    made.provider_message_id = ses["mail"]["messageId"].text();
    made.references.push_back(made.provider_message_id);
    if (const auto id = ses["mail"]["commonHeaders"]["messageId"].text(); !id.empty()) made.references.emplace_back(id);
    made.to = recipient.is_string() ? recipient.text() : recipient["emailAddress"].text();
    made.at = parse_time(what["timestamp"].text());
    add_text(made, "error", recipient["status"].text());
    const auto reason = what["reason"].text().empty() ? what["errorMessage"].text() : what["reason"].text();
    add_text(made, "error_text",
             recipient["diagnosticCode"].text().empty() ? reason : recipient["diagnosticCode"].text());
    add_text(made, "bounce_type", what["bounceType"].text());
    add_text(made, "bounce_subtype", what["bounceSubType"].text());
    add_text(made, "complaint_type", what["complaintFeedbackType"].text());
    return made;
}

result<std::vector<record>> read_event(const event_meaning& meaning, json::value ses, std::string_view message_id) {
    if (ses["mail"]["messageId"].text().empty()) return fail(errc::invalid, "mail.messageId: is missing");
    auto recipients = ses[meaning.member][meaning.recipients];
    if (!recipients.is_array() || recipients.size() == 0) recipients = ses["mail"]["destination"];
    if (recipients.size() > most_recipients) return fail(errc::too_large, "the event has over 100 recipients");
    std::vector<record> records;
    recipients.for_each([&](json::value each) { records.push_back(read_recipient(meaning, ses, each)); });
    if (records.empty()) records.push_back(read_recipient(meaning, ses, {}));
    for (auto& each : records)
        each.event_id = records.size() == 1 ? std::string(message_id) : event_id({message_id, each.to});
    return records;
}

result<std::vector<record>> read_notification(json::value envelope, std::string_view message_id,
                                              const mime::mailbox& ours, std::optional<std::string_view> fetched) {
    std::vector<record> records;
    const auto parsed = json::document::parse(envelope["Message"].text());
    // SES says in plain text that it has tried the topic.
    if (!parsed || !parsed->root().is_object()) {
        records.push_back(channel::ignored("plain_text", std::string(message_id)));
        return records;
    }
    const auto ses = parsed->root();
    const auto type = type_of(ses);
    if (type == "Received") {
        auto made = read_mail(ses, message_id, ours, fetched);
        if (!made) return made.error();
        records.push_back(std::move(*made));
        return records;
    }
    const auto* const meaning =
        std::find_if(meanings.begin(), meanings.end(), [&](const event_meaning& each) { return each.type == type; });
    if (meaning != meanings.end()) return read_event(*meaning, ses, message_id);
    records.push_back(channel::ignored("unknown_event", std::string(message_id)));
    return records;
}

/// The address that begins a subscription is shown. To visit that of an end would begin it again.
record read_subscription(json::value envelope, std::string_view message_id, bool begins) {
    record made;
    made.kind = record_kind::control;
    made.event_id = message_id;
    made.ignored_because = begins ? "subscription" : "unsubscribed";
    made.to = envelope["TopicArn"].text();
    add_text(made, "event", made.ignored_because);
    if (!begins) return made;
    add_text(made, "action", "confirm");
    add_text(made, "subscribe_url", envelope["SubscribeURL"].text());
    return made;
}

}  // namespace

std::optional<mail_place> mail_elsewhere(json::value envelope) {
    if (envelope["Type"].text() != "Notification") return std::nullopt;
    const auto parsed = json::document::parse(envelope["Message"].text());
    if (!parsed || !parsed->root().is_object() || type_of(parsed->root()) != "Received") return std::nullopt;
    return place_of(parsed->root());
}

result<std::vector<record>> parse(json::value envelope, const mime::mailbox& ours,
                                  std::optional<std::string_view> fetched) {
    const auto type = envelope["Type"].text();
    const auto message_id = envelope["MessageId"].text();
    if (message_id.empty() || message_id.size() > 100) return fail(errc::invalid, "MessageId: is missing or too long");
    if (type == "Notification") return read_notification(envelope, message_id, ours, fetched);
    std::vector<record> records;
    records.push_back(read_subscription(envelope, message_id, type == "SubscriptionConfirmation"));
    return records;
}

}  // namespace kindred::connectors::ses_sns
