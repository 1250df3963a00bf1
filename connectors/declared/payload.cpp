#include "connectors/declared/payload.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>

namespace kindred::connectors::declared {
namespace {

using channel::record;
using channel::record_kind;

constexpr std::size_t most_events = 1000;
constexpr std::size_t most_attachments = 100;

std::string text_of(const std::optional<extract>& from, const event_view& event) {
    return from ? from->text_in(event).value_or("") : std::string();
}

/// Adds the elements below a step, and below the steps after it.
void collect(json::value from, const std::vector<std::string>& each, std::size_t step, std::vector<json::value>& into) {
    if (into.size() > most_events) return;
    if (step == each.size()) {
        if (from.exists() && !from.is_null()) into.push_back(from);
        return;
    }
    if (each[step] != "*") return collect(follow(from, {each[step]}), each, step + 1, into);
    if (from.is_array()) from.for_each([&](json::value one) { collect(one, each, step + 1, into); });
    if (from.is_object())
        from.for_each_member([&](std::string_view, json::value one) { collect(one, each, step + 1, into); });
}

const condition* first_that_holds(const std::vector<condition>& all, const event_view& event) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const condition& each) { return each.holds(event); });
    return found == all.end() ? nullptr : &*found;
}

void read_kind(const mapping& rules, const event_view& event, record& made) {
    if (const auto* rule = first_that_holds(rules.ignore, event)) {
        made.kind = record_kind::ignored;
        made.ignored_because = rule->because;
        return;
    }
    if (const auto* rule = first_that_holds(rules.echo, event)) {
        made.kind = record_kind::echo;
        made.ignored_because = rule->because;
        return;
    }
    if (!rules.kind) return;
    const auto name = rules.kind->text_in(event);
    const auto kind = name ? mapped_kind(*name) : std::nullopt;
    made.kind = kind.value_or(record_kind::ignored);
    if (!kind) made.ignored_because = "unknown_event";
    if (made.kind == record_kind::ignored && kind) made.ignored_because = "rule";
    if (made.kind == record_kind::control) made.ignored_because = "control";
    if (made.kind == record_kind::echo) made.ignored_because = "echo";
}

void read_attachments(const attachment_extract& rules, const event_view& event, record& made) {
    const auto list = follow(event.event, rules.each);
    const auto add = [&](json::value one) {
        if (made.attachments.size() >= most_attachments || !one.is_object()) return;
        const event_view file{event.root, one, event.request};
        channel::attachment read;
        read.name = text_of(rules.name, file);
        read.type = text_of(rules.type, file);
        read.url = text_of(rules.url, file);
        read.media_id = text_of(rules.id, file);
        read.size = channel::number_of(text_of(rules.size, file)).value_or(-1);
        if (!read.url.empty() || !read.media_id.empty()) made.attachments.push_back(std::move(read));
    };
    if (list.is_array())
        list.for_each(add);
    else
        add(list);
}

std::optional<identity> identity_of(const identity_extract& rule, std::string_view channel_name,
                                    const std::string& address) {
    using space = identity_extract::space;
    switch (rule.in) {
        case space::email: return email_identity(address, rule.proven ? proof::proven : proof::claimed);
        case space::phone: return phone_identity(address);
        // Below a space of its own: a channel may be called "phone".
        case space::own: return provider_identity("declared", std::string(channel_name) + ":" + address);
        case space::external: return provider_identity("external", address);
    }
    return std::nullopt;
}

void add_identity(std::optional<identity> found, record& made) {
    if (found && std::find(made.identities.begin(), made.identities.end(), *found) == made.identities.end())
        made.identities.push_back(std::move(*found));
}

void read_identities(const mapping& rules, std::string_view channel_name, const event_view& event, record& made) {
    for (const auto& each : rules.identities)
        if (const auto address = each.value.text_in(event))
            add_identity(identity_of(each, channel_name, *address), made);
    if (!rules.identities.empty() || made.from.empty()) return;
    // Nothing is said: an address that looks like one is one, everything else is the provider's own id.
    if (auto mail = email_identity(made.from, proof::claimed))
        made.identities.push_back(std::move(*mail));
    else if (auto phone = phone_identity(made.from); phone && made.from.starts_with('+'))
        made.identities.push_back(std::move(*phone));
    else
        add_identity(identity_of({identity_extract::space::own, {}, false}, channel_name, made.from), made);
}

/// The JSON of a named value; empty when the event does not have it.
std::string json_of(const named_extract& rule, const event_view& event) {
    if (rule.whole)
        if (const auto value = rule.whole->value_in(event); value.exists())
            return value.is_null() ? std::string() : value.to_text();
    const auto text = rule.value.text_in(event);
    return text ? json::literal(*text) : std::string();
}

void read_details(const mapping& rules, const event_view& event, record& made) {
    if (rules.all_attributes) {
        const auto given = rules.all_attributes->value_in(event);
        if (given.is_object()) made.add_detail("attributes", given.to_text());
    } else if (!rules.attributes.empty()) {
        json::writer all;
        all.begin_object();
        for (const auto& each : rules.attributes)
            if (const auto value = json_of(each, event); !value.empty()) all.key(each.name).raw(value);
        made.add_detail("attributes", all.end_object().take());
    }
    if (const auto intent = text_of(rules.intent, event); !intent.empty())
        made.add_detail("intent", json::literal(intent));
    for (const auto& each : rules.details)
        if (auto value = json_of(each, event); !value.empty()) made.add_detail(each.name, std::move(value));
}

/// An edit, deletion or reaction refers to the message that it is about.
void read_target(const mapping& rules, const event_view& event, record& made) {
    if (made.kind != record_kind::edit && made.kind != record_kind::deletion && made.kind != record_kind::reaction)
        return;
    auto target = text_of(rules.target, event);
    if (target.empty()) target = made.kind == record_kind::reaction ? made.reply_to : made.provider_message_id;
    if (!target.empty()) {
        made.add_detail("target", json::literal(target));
        made.references.push_back(std::move(target));
    }
    if (made.kind != record_kind::reaction) return;
    const auto emoji = text_of(rules.emoji, event);
    made.add_detail("emoji", json::literal(emoji));
    if (emoji.empty()) made.add_detail("removed", "true");
}

/// What the admin says, else the message's id and what happened to it, else the bytes.
std::string event_id_of(const mapping& rules, const event_view& event, std::size_t number, const record& made) {
    std::string id;
    for (const auto& each : rules.event_id) {
        if (!id.empty()) id += ':';
        id += each.text_in(event).value_or("");
    }
    if (id.find_first_not_of(':') != std::string::npos) return channel::event_id({id});
    const auto kind = channel::name_of(made.kind);
    const auto whole = channel::event_id_of_body(event.event.to_text());
    if (made.provider_message_id.empty()) return channel::event_id({whole, std::to_string(number)});
    if (made.kind == record_kind::message) return channel::event_id({kind, made.provider_message_id});
    if (made.kind == record_kind::status) return channel::event_id({kind, made.provider_message_id, made.status});
    // The same message may be edited again: then it says something else.
    return channel::event_id({kind, made.provider_message_id, whole});
}

record read_event(const mapping& rules, std::string_view channel_name, const event_view& event, std::size_t number) {
    record made;
    read_kind(rules, event, made);
    made.provider_message_id = text_of(rules.message_id, event);
    made.from = text_of(rules.from, event);
    made.handle = text_of(rules.handle, event);
    made.display_name = text_of(rules.name, event);
    made.to = text_of(rules.to, event);
    made.subject = text_of(rules.subject, event);
    made.thread = text_of(rules.thread, event);
    made.conversation = text_of(rules.conversation, event);
    if (made.conversation.empty()) made.conversation = made.thread;
    if (made.conversation.empty() && !made.from.empty() && rules.to) made.conversation = made.from + ">" + made.to;
    made.reply_to = text_of(rules.reply_to, event);
    made.locale = text_of(rules.language, event);
    made.status = text_of(rules.status, event);
    made.reply_address = text_of(rules.reply_address, event);
    if (auto text = text_of(rules.text, event); !text.empty()) made.text = std::move(text);
    if (made.kind == record_kind::message && !made.text) made.text.emplace();
    if (rules.at) made.at = rules.at->time_in(event);
    if (rules.attachments) read_attachments(*rules.attachments, event, made);
    read_identities(rules, channel_name, event, made);
    read_details(rules, event, made);
    read_target(rules, event, made);
    made.event_id = event_id_of(rules, event, number, made);
    const bool says_nothing =
        made.kind == record_kind::message && made.text->empty() && made.subject.empty() && made.attachments.empty();
    if (says_nothing) {
        made.kind = record_kind::ignored;
        made.ignored_because = "empty";
    } else if (made.kind == record_kind::status && (made.status.empty() || made.provider_message_id.empty())) {
        made.kind = record_kind::ignored;
        made.ignored_because = "status_of_nothing";
    }
    return made;
}

}  // namespace

result<std::vector<json::value>> events_of(json::value root, const std::vector<std::string>& each) {
    std::vector<json::value> events;
    collect(root, each, 0, events);
    if (events.size() > most_events) return fail(errc::invalid, "has more than 1000 events");
    return events;
}

result<std::vector<record>> parse(const mapping& rules, std::string_view channel_name, const channel::request& arrived,
                                  json::value root) {
    const auto events = events_of(root, rules.each);
    if (!events) return events.error();
    std::vector<record> records;
    for (const auto& each : *events)
        records.push_back(read_event(rules, channel_name, {root, each, &arrived}, records.size()));
    if (records.empty()) records.push_back(channel::ignored("no_events", channel::event_id_of_body(arrived.body)));
    return records;
}

}  // namespace kindred::connectors::declared
