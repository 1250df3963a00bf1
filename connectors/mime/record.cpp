#include "connectors/mime/mime.hpp"
#include "connectors/mime/sender_proof.hpp"
#include "connectors/mime/spam.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

using channel::record;
using channel::record_kind;

std::string short_hash(std::string_view text) {
    const auto digest = sha256(text);
    return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 16));
}

/// Two mails of one id and different content are two deliveries (a list that edits, a sender that reuses ids).
/// Without an id, everything that tells mails apart stands in: two people may both write "Hello".
std::string event_id(const message& mail) {
    if (!mail.message_id.empty()) return mail.message_id + " " + mail.body_digest;
    std::string all = mail.from.empty() ? std::string() : mail.from.front().email;
    all += "\n" + mail.subject + "\n" + (mail.date ? to_rfc3339(*mail.date) : std::string());
    for (const auto& each : mail.to) all += "\n" + each.email;
    return "synthesised " + short_hash(all) + " " + mail.body_digest;
}

std::string folded(std::string_view address) { return to_lower_ascii(trim(address)); }

bool is_ours(const mailbox& ours, std::string_view address) {
    const auto bare = folded(without_plus_part(address));
    const auto whole = folded(address);
    return std::any_of(ours.addresses.begin(), ours.addresses.end(), [&](const std::string& each) {
        const auto own = folded(each);
        return own == bare || own == whole;
    });
}

/// Everybody the mail was sent to, the surest first.
std::vector<std::string> recipients(const message& mail, const envelope& travelled) {
    std::vector<std::string> all = travelled.to;
    all.insert(all.end(), mail.delivered_to.begin(), mail.delivered_to.end());
    for (const auto* list : {&mail.to, &mail.cc})
        for (const auto& each : *list) all.push_back(each.email);
    return all;
}

std::string own_address(const std::vector<std::string>& all, const message& mail, const envelope& travelled,
                        const mailbox& ours) {
    for (const auto& each : all)
        if (is_ours(ours, each)) return without_plus_part(each);
    if (!travelled.to.empty()) return travelled.to.front();
    if (!mail.to.empty()) return mail.to.front().email;
    return all.empty() ? std::string() : all.front();
}

std::string token_in(const std::vector<std::string>& all, const mailbox& ours) {
    for (const auto& each : all) {
        const auto token = plus_part(each);
        if (!token.empty() && (ours.addresses.empty() || is_ours(ours, each))) return std::string(token);
    }
    return {};
}

std::string json_text(std::string_view text) {
    json::writer out;
    return out.value(text).take();
}

std::string json_list(const std::vector<std::string>& texts) {
    json::writer out;
    out.begin_array();
    for (const auto& each : texts) out.value(each);
    return out.end_array().take();
}

std::vector<std::string> emails_of(const std::vector<address>& list) {
    std::vector<std::string> emails;
    emails.reserve(list.size());
    for (const auto& each : list) emails.push_back(each.email);
    return emails;
}

/// RFC 3339 in whole seconds: mail knows no fractions.
std::string mail_time(time_point at) {
    auto text = to_rfc3339(at);
    const auto dot = text.find('.');
    return dot == std::string::npos ? text : text.substr(0, dot) + "Z";
}

void add_text(record& made, std::string_view name, std::string_view text) {
    if (!text.empty()) made.add_detail(name, json_text(text));
}

void add_list(record& made, std::string_view name, const std::vector<std::string>& texts) {
    if (!texts.empty()) made.add_detail(name, json_list(texts));
}

std::string results_json(const std::vector<delivery_result>& results) {
    json::writer out;
    out.begin_array();
    for (const auto& each : results) {
        out.begin_object().member_if("recipient", each.recipient).member_if("action", each.action);
        out.member_if("status", each.status).member_if("diagnostic", each.diagnostic).end_object();
    }
    return out.end_array().take();
}

void add_details(record& made, const message& mail, const envelope& travelled, std::string_view token) {
    if (mail.message_id.empty()) add_text(made, "provider_message_id", "synthesised");
    if (!mail.to.empty()) add_text(made, "to_name", mail.to.front().name);
    add_list(made, "cc", emails_of(mail.cc));
    add_text(made, "in_reply_to", mail.in_reply_to);
    add_list(made, "references", mail.references);
    add_text(made, "thread_token", token);
    if (mail.date) add_text(made, "timestamp", mail_time(*mail.date));
    add_text(made, "auto_submitted", mail.auto_submitted);
    if (!made.answer_automatically) made.add_detail("answer_automatically", "false");
    add_text(made, "list_id", mail.list_id);
    add_text(made, "report_type", mail.report_type);
    if (!mail.results.empty()) made.add_detail("results", results_json(mail.results));
    if (travelled.from) made.add_detail("envelope_from", json_text(*travelled.from));
    if (travelled.to.size() == 1) add_text(made, "envelope_to", travelled.to.front());
    if (travelled.to.size() > 1) add_list(made, "envelope_to", travelled.to);
}

/// What became of a message of ours, when that is what the mail says.
void set_kind(record& made, const message& mail, const mailbox& ours) {
    if (mail.report_type == "feedback-report") {
        made.kind = record_kind::complaint;
    } else if (mail.report_type == "disposition-notification") {
        made.kind = record_kind::ignored;
        made.ignored_because = "read_receipt";
    } else if (mail.bounced) {
        const auto is = [](std::string_view action) {
            return [action](const delivery_result& each) { return each.action == action; };
        };
        const auto& all = mail.results;
        const bool failed = all.empty() || std::any_of(all.begin(), all.end(), is("failed"));
        const bool delayed = std::any_of(all.begin(), all.end(), is("delayed"));
        made.kind = failed ? record_kind::bounce : record_kind::status;
        made.status = failed ? "failed" : delayed ? "delayed" : "delivered";
    } else if (!mail.from.empty() && is_ours(ours, mail.from.front().email)) {
        made.kind = record_kind::echo;
        made.ignored_because = "own_message";
    }
    const bool about_ours =
        made.kind == record_kind::complaint || made.kind == record_kind::bounce || made.kind == record_kind::status;
    if (about_ours) made.reply_to = mail.returned_message_id;
}

std::optional<reply_token> genuine_token(const message& mail, std::string_view token, std::string_view sender,
                                         const mailbox& ours) {
    if (auto read = read_reply_token(ours.reply_secrets, token, sender)) return read;
    std::vector<std::string> ids = {mail.in_reply_to, mail.returned_message_id};
    ids.insert(ids.end(), mail.references.rbegin(), mail.references.rend());
    for (const auto& id : ids)
        if (auto read = read_message_id(ours.reply_secrets, id, sender)) return read;
    return std::nullopt;
}

void set_threading(record& made, const message& mail) {
    made.references = mail.references;
    const auto missing = [&](const std::string& id) {
        return !id.empty() && std::find(made.references.begin(), made.references.end(), id) == made.references.end();
    };
    if (missing(mail.in_reply_to)) made.references.push_back(mail.in_reply_to);
    if (missing(mail.returned_message_id)) made.references.push_back(mail.returned_message_id);
    made.thread = made.references.empty() ? mail.message_id : made.references.front();
    // Whoever guesses or learns an id of a conversation does not get into it by that: it is one's own only.
    if (!made.thread.empty() && !made.from.empty()) made.conversation = folded(made.from) + " " + made.thread;
}

}  // namespace

record to_record(message mail, const envelope& travelled, const mailbox& ours) {
    record made;
    made.event_id = event_id(mail);
    made.provider_message_id = mail.message_id;
    if (!mail.from.empty()) {
        made.from = mail.from.front().email;
        made.display_name = mail.from.front().name;
    }
    const auto all = recipients(mail, travelled);
    const auto token = token_in(all, ours);
    made.to = own_address(all, mail, travelled, ours);
    made.subject = mail.subject;
    made.at = mail.date;
    made.reply_to = mail.in_reply_to;
    if (!mail.reply_to.empty() && folded(mail.reply_to.front().email) != folded(made.from))
        made.reply_address = mail.reply_to.front().email;
    const bool null_sender = travelled.from && travelled.from->empty();
    made.answer_automatically = mail.answer_automatically && !null_sender && !made.from.empty();
    set_kind(made, mail, ours);
    set_threading(made, mail);
    const auto proven = genuine_token(mail, token, made.from, ours);
    if (proven) made.ticket = proven->ticket;
    if (made.kind == record_kind::message) {
        const bool sure =
            (proven && proven->names_the_sender) || sender_is_authenticated(mail, ours.authentication_server);
        if (auto found = email_identity(made.from, sure ? proof::proven : proof::claimed))
            made.identities.push_back(*found);
    }
    add_details(made, mail, travelled, token);
    if (mail.spam) mark_spam(made, ours.ignores_spam);
    if (mail.stripped_text != trim(mail.text)) made.stripped_text = std::move(mail.stripped_text);
    made.text = std::move(mail.text);
    made.attachments = std::move(mail.attachments);
    return made;
}

}  // namespace kindred::connectors::mime
