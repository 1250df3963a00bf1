#include "connectors/whatsapp/payload.hpp"

#include "connectors/whatsapp/message.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <string>

namespace kindred::connectors::whatsapp {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

void read_time(json::value stamp, record& made) {
    const auto seconds = channel::number_of(stamp.text_or_number());
    if (!seconds || *seconds < 0 || *seconds > 253'402'300'799) return;
    made.at = from_millis(*seconds * 1000);
    made.add_detail("timestamp", std::to_string(*seconds));
}

/// The element of `contacts` that describes the sender.
json::value card_of(json::value contacts, std::string_view sender) {
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const auto card = contacts.at(i);
        if (card["wa_id"].text_or_number() == sender || card["user_id"].text() == sender) return card;
    }
    return contacts.size() == 1 ? contacts.at(0) : json::value{};
}

/// Who wrote. The number may be missing for people who hide it; their business-scoped id is then all there is, and
/// belongs to the same customer as the number where both are told.
void read_sender(json::value message, json::value contacts, record& made) {
    made.from = message["from"].text_or_number();
    if (made.from.empty()) made.from = message["from_user_id"].text();
    const auto card = card_of(contacts, made.from);
    const auto user_id = card["user_id"].text();
    if (made.from.empty()) made.from = user_id;
    made.handle = card["profile"]["username"].text();
    made.display_name = card["profile"]["name"].text();
    if (auto number = phone_identity(made.from)) made.identities.push_back(std::move(*number));
    if (!user_id.empty()) made.identities.push_back(provider_identity("whatsapp", user_id));
}

/// What has been read of one body.
struct batch {
    std::string_view body;
    std::string_view wanted_number_id;
    std::vector<record> records{};
    std::string our_number{};
    std::string our_number_id{};
    std::size_t understood = 0;
    std::string first_problem{};
};

void add_ignored(batch& into, std::string reason) {
    const auto place = std::to_string(into.records.size());
    into.records.push_back(
        channel::ignored(std::move(reason), event_id({"part", place, channel::event_id_of_body(into.body)})));
}

void skip(batch& into, std::string reason) {
    ++into.understood;
    add_ignored(into, std::move(reason));
}

/// Meta repeats a refused delivery unchanged for a week: so one element that cannot be understood does not take the
/// others down. It is counted as ignored.
void note_problem(batch& into, std::string problem) {
    if (into.first_problem.empty()) into.first_problem = std::move(problem);
    add_ignored(into, "malformed");
}

void add(batch& into, record made) {
    ++into.understood;
    into.records.push_back(std::move(made));
}

void add_message(batch& into, json::value message, json::value contacts, bool ours) {
    record made;
    made.provider_message_id = message["id"].text();
    if (made.provider_message_id.empty()) return note_problem(into, "messages.id: is missing");
    read_sender(message, contacts, made);
    if (made.from.empty()) return note_problem(into, "messages.from: is missing");
    made.to = into.our_number;
    made.conversation = made.from + '>' + into.our_number_id;
    made.reply_address = made.from;
    read_time(message["timestamp"], made);
    read_content(message, made);
    if (ours) {
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
    }
    made.event_id = event_id({name_of(made.kind), made.provider_message_id});
    add(into, std::move(made));
}

void add_status(batch& into, json::value status) {
    record made;
    made.kind = record_kind::status;
    made.provider_message_id = status["id"].text();
    made.status = status["status"].text();
    if (made.provider_message_id.empty()) return note_problem(into, "statuses.id: is missing");
    if (made.status.empty()) return note_problem(into, "statuses.status: is missing");
    made.references.push_back(made.provider_message_id);
    made.to = status["recipient_id"].text_or_number();
    if (made.to.empty()) made.to = status["recipient_user_id"].text();
    made.event_id = event_id({"status", made.provider_message_id, made.status, made.to});
    read_time(status["timestamp"], made);
    if (const auto problem = status["errors"].at(0); problem.is_object()) {
        made.add_detail("error", json::literal(problem["code"].text_or_number()));
        made.add_detail("error_title", json::literal(problem["title"].text()));
    }
    if (const auto ours = status["biz_opaque_callback_data"].text(); !ours.empty())
        made.add_detail("idempotency_key", json::literal(ours));
    add(into, std::move(made));
}

/// Each element of a list that may be absent, or null, but must be a list of objects where it is there.
template <class Add>
void for_each_of(batch& into, json::value list, std::string_view name, const Add& add_element) {
    if (!list.exists() || list.is_null()) return;
    if (!list.is_array()) return note_problem(into, std::string(name) + ": wants a list");
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list.at(i).is_object())
            add_element(list.at(i));
        else
            note_problem(into, std::string(name) + ": wants objects");
    }
}

void add_change(batch& into, json::value change) {
    const auto field = change["field"].text();
    if (field != "messages" && field != "smb_message_echoes") return skip(into, "unknown_event");
    const auto value = change["value"];
    if (!value.is_object()) return note_problem(into, "entry.changes.value: wants an object");
    into.our_number = value["metadata"]["display_phone_number"].text_or_number();
    into.our_number_id = value["metadata"]["phone_number_id"].text_or_number();
    if (!into.wanted_number_id.empty() && into.our_number_id != into.wanted_number_id)
        return skip(into, "other_account");

    const auto before = into.records.size();
    const auto contacts = value["contacts"];
    for_each_of(into, value["messages"], "messages",
                [&](json::value each) { add_message(into, each, contacts, false); });
    for_each_of(into, value["statuses"], "statuses", [&](json::value each) { add_status(into, each); });
    for_each_of(into, value["message_echoes"], "message_echoes",
                [&](json::value each) { add_message(into, each, contacts, true); });
    if (into.records.size() == before) skip(into, value["errors"].size() > 0 ? "provider_error" : "empty");
}

}  // namespace

result<std::vector<record>> parse(std::string_view body, std::string_view phone_number_id) {
    auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (!root.is_object()) return fail(errc::invalid, "the body: wants an object");

    batch into{body, phone_number_id};
    if (root["object"].text() != "whatsapp_business_account") {
        skip(into, "unknown_object");
    } else {
        for_each_of(into, root["entry"], "entry", [&](json::value entry) {
            for_each_of(into, entry["changes"], "entry.changes", [&](json::value change) { add_change(into, change); });
        });
    }
    if (into.understood == 0 && !into.first_problem.empty()) return fail(errc::invalid, into.first_problem);
    if (into.records.empty()) skip(into, "empty");
    return std::move(into.records);
}

}  // namespace kindred::connectors::whatsapp
