#include "connectors/standard-webhooks/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>

namespace kindred::connectors::standard_webhooks {
namespace {

using channel::record;
using channel::record_kind;

constexpr std::size_t most_attachments = 100;

void add_text(record& made, std::string_view name, std::string_view text) {
    if (!text.empty()) made.add_detail(name, json::literal(text));
}

/// The sender vouches for what it is told: a mail address stays a claim, because somebody may have typed another's.
void read_identity(record& made) {
    if (made.from.empty()) return;
    if (auto mail = email_identity(made.from, proof::claimed))
        made.identities.push_back(std::move(*mail));
    else if (auto phone = phone_identity(made.from); phone && made.from.starts_with('+'))
        made.identities.push_back(std::move(*phone));
    else
        made.identities.push_back(provider_identity("external", made.from));
}

result<void> read_attachments(json::value files, record& made) {
    if (!files.exists() || files.is_null()) return {};
    if (!files.is_array() || files.size() > most_attachments)
        return fail(errc::invalid, "data.attachments: wants a list of at most 100 files");
    files.for_each([&](json::value each) {
        channel::attachment file;
        file.name = each["name"].text();
        file.type = each["type"].text();
        file.url = each["url"].text();
        file.size = each["size"].integer().value_or(-1);
        made.attachments.push_back(std::move(file));
    });
    return {};
}

result<void> read_contact(json::value data, record& made) {
    made.from = data["from"].text_or_number();
    made.display_name = data["name"].text();
    made.to = data["to"].text();
    made.text = data["text"].text();
    made.subject = data["subject"].text();
    made.locale = data["language"].text();
    made.thread = data["conversation"].text_or_number();
    made.conversation = made.thread;
    made.provider_message_id = data["message_id"].text_or_number();
    made.reply_to = data["reply_to"].text_or_number();
    if (made.from.empty() && made.text->empty() && made.subject.empty())
        return fail(errc::invalid, "data: says nothing; give at least from, text or subject");
    add_text(made, "intent", data["intent"].text());
    if (const auto given = data["attributes"]; given.is_object()) made.add_detail("attributes", given.to_text());
    read_identity(made);
    return read_attachments(data["attachments"], made);
}

}  // namespace

result<record> parse(std::string_view body, std::string_view webhook_id,
                     const std::vector<std::string>& contact_types) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto type = (*parsed)["type"].text();
    if (type.empty()) return fail(errc::invalid, "type: is missing");
    const auto data = (*parsed)["data"];

    record made;
    made.event_id = channel::event_id({"webhook", webhook_id});
    made.at = parse_time((*parsed)["timestamp"].text());
    made.add_detail("event", json::literal(type));
    if (std::find(contact_types.begin(), contact_types.end(), type) == contact_types.end()) {
        made.kind = record_kind::control;
        made.ignored_because = "event";
        if (data.exists()) made.add_detail("data", data.to_text());
        return made;
    }
    if (!data.is_object()) return fail(errc::invalid, "data: wants an object");
    if (auto read = read_contact(data, made); !read) return read.error();
    return made;
}

}  // namespace kindred::connectors::standard_webhooks
