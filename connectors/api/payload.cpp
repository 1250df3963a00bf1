#include "connectors/api/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace kindred::connectors::api {
namespace {

using channel::event_id;
using channel::record;

constexpr std::array<std::string_view, 14> known_fields{
    "channel",     "from",     "to",         "text",        "subject",      "language",   "intent",
    "attachments", "is_reply", "attributes", "received_at", "conversation", "message_id", "name"};
constexpr std::int64_t most_attachments = 1000;

error wants(std::string_view field, std::string_view what) {
    return fail(errc::invalid, std::string(field) + ": wants " + std::string(what));
}

/// Optional members that are texts; the first that is none is remembered as the problem.
class reader {
public:
    explicit reader(json::value contact) : contact_(contact) {}

    std::string text(std::string_view field) {
        const auto member = contact_[field];
        if (!member.exists() || member.is_null()) return {};
        if (!member.is_string()) complain(wants(field, "a text"));
        return std::string(member.text());
    }
    bool yes(std::string_view field) {
        const auto member = contact_[field];
        if (!member.exists() || member.is_null()) return false;
        if (!member.is_bool()) complain(wants(field, "true or false"));
        return member.boolean().value_or(false);
    }
    void complain(error problem) {
        if (!problem_) problem_ = std::move(problem);
    }
    const std::optional<error>& problem() const { return problem_; }
    json::value contact() const { return contact_; }

private:
    json::value contact_;
    std::optional<error> problem_;
};

void refuse_unknown(reader& in) {
    in.contact().for_each_member([&](std::string_view name, json::value) {
        if (std::find(known_fields.begin(), known_fields.end(), name) != known_fields.end()) return;
        const auto meant = nearest(name, {known_fields.begin(), known_fields.end()});
        in.complain(fail(errc::invalid, std::string(name) + ": is no field of a contact" +
                                            (meant ? "; did you mean " + *meant + "?" : "")));
    });
    const auto channel = in.contact()["channel"];
    if (channel.exists() && !channel.is_object()) in.complain(wants("channel", "an object with name and kind"));
}

/// A list of addresses, or one.
std::string read_receivers(reader& in) {
    const auto to = in.contact()["to"];
    if (!to.exists() || to.is_null()) return {};
    if (to.is_string()) return std::string(to.text());
    if (!to.is_array()) in.complain(wants("to", "a list of addresses"));
    for (std::size_t i = 0; i < to.size(); ++i)
        if (!to.at(i).is_string()) in.complain(wants("to", "a list of addresses"));
    return std::string(to.at(0).text());
}

/// How many files there are, or the files themselves as {name, type, size, url}.
void read_attachments(reader& in, record& made) {
    const auto files = in.contact()["attachments"];
    if (!files.exists() || files.is_null()) return;
    if (const auto count = files.integer()) {
        if (*count < 0 || *count > most_attachments)
            in.complain(wants("attachments", "a number from 0 to 1000"));
        else
            made.attachments.resize(static_cast<std::size_t>(*count));
        return;
    }
    if (!files.is_array() || files.size() > most_attachments) {
        in.complain(wants("attachments", "a number, or a list of at most 1000 files"));
        return;
    }
    files.for_each([&](json::value file) {
        if (!file.is_object()) in.complain(wants("attachments", "files as objects with name, type, size and url"));
        channel::attachment read;
        read.name = file["name"].text();
        read.type = file["type"].text();
        read.url = file["url"].text();
        read.size = file["size"].integer().value_or(-1);
        made.attachments.push_back(std::move(read));
    });
}

void read_time(reader& in, record& made) {
    const auto text = in.contact()["received_at"].text_or_number();
    if (text.empty() && !in.contact()["received_at"].exists()) return;
    made.at = parse_time(text);
    if (!made.at) in.complain(wants("received_at", "a time such as 2026-11-23T10:00:00-06:00"));
}

void read_attributes(reader& in, record& made) {
    const auto given = in.contact()["attributes"];
    if (!given.exists() || given.is_null()) return;
    if (!given.is_object()) in.complain(wants("attributes", "an object"));
    made.add_detail("attributes", given.to_text());
}

/// The system that calls vouches for an address only as far as it goes: a mail address stays a claim, because whoever
/// fills a form upstream may have typed another's.
void read_identity(record& made) {
    if (made.from.empty()) return;
    if (auto mail = email_identity(made.from, proof::claimed))
        made.identities.push_back(std::move(*mail));
    else if (auto phone = phone_identity(made.from); phone && made.from.starts_with('+'))
        made.identities.push_back(std::move(*phone));
    else
        made.identities.push_back(provider_identity("external", made.from));
}

}  // namespace

result<record> parse(std::string_view body, std::string_view delivery_key) {
    auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    if (!parsed->root().is_object()) return fail(errc::invalid, "the body: wants an object");
    reader in(parsed->root());
    refuse_unknown(in);

    record made;
    made.from = in.text("from");
    made.display_name = in.text("name");
    made.to = read_receivers(in);
    made.text = in.text("text");
    made.subject = in.text("subject");
    made.locale = in.text("language");
    made.conversation = in.text("conversation");
    made.thread = made.conversation;
    made.provider_message_id = in.text("message_id");
    if (in.yes("is_reply")) made.reply_to = made.conversation.empty() ? "unknown" : made.conversation;
    if (const auto intent = in.text("intent"); !intent.empty()) made.add_detail("intent", json::literal(intent));
    read_attachments(in, made);
    read_time(in, made);
    read_attributes(in, made);
    if (in.problem()) return *in.problem();
    if (made.from.empty() && made.text->empty() && made.subject.empty())
        return fail(errc::invalid, "the contact says nothing: give at least from, text or subject");

    read_identity(made);
    if (!delivery_key.empty())
        made.event_id = event_id({"key", delivery_key});
    else if (!made.provider_message_id.empty())
        made.event_id = event_id({"message", made.provider_message_id});
    else
        made.event_id = channel::event_id_of_body(body);
    return made;
}

}  // namespace kindred::connectors::api
