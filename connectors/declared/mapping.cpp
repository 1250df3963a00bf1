#include "connectors/declared/mapping.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::declared {
namespace {

using channel::record_kind;
using channel::structure;

constexpr std::array<std::pair<std::string_view, record_kind>, 11> kinds{{{"message", record_kind::message},
                                                                          {"edit", record_kind::edit},
                                                                          {"delete", record_kind::deletion},
                                                                          {"reaction", record_kind::reaction},
                                                                          {"postback", record_kind::postback},
                                                                          {"status", record_kind::status},
                                                                          {"bounce", record_kind::bounce},
                                                                          {"handoff", record_kind::handoff},
                                                                          {"echo", record_kind::echo},
                                                                          {"control", record_kind::control},
                                                                          {"ignored", record_kind::ignored}}};

/// Names that records already use: a detail of the same name would make two members of one.
constexpr std::array<std::string_view, 23> taken_names{"kind",
                                                       "event_id",
                                                       "provider_message_id",
                                                       "from",
                                                       "handle",
                                                       "display_name",
                                                       "to",
                                                       "text",
                                                       "subject",
                                                       "stripped_text",
                                                       "attachments",
                                                       "thread",
                                                       "reply_to",
                                                       "locale",
                                                       "status",
                                                       "timestamp",
                                                       "ignored_because",
                                                       "conversation",
                                                       "reply_address",
                                                       "ticket",
                                                       "no_automatic_answer",
                                                       "references",
                                                       "attributes"};
constexpr std::size_t longest_name = 64;
constexpr std::size_t most_named = 50;

void check_kind(known_keys& in, std::string_view name) {
    if (mapped_kind(name)) return;
    std::string allowed;
    for (const auto& [word, kind] : kinds) allowed += (allowed.empty() ? "" : ", ") + std::string(word);
    in.complain("kind", "\"" + std::string(name) + "\" is none of " + allowed);
}

/// What is known before anything arrives is checked now.
void check_kinds(known_keys& in, const extract& kind) {
    for (const auto& [from, to] : kind.map) check_kind(in, to);
    if (kind.otherwise) check_kind(in, *kind.otherwise);
    if (kind.how == extract::way::fixed) check_kind(in, kind.fixed);
}

void read_one(known_keys& in, std::string_view key, std::optional<extract>& into) {
    if (const auto* given = in.at(key)) into = read_extract(in.settings(), *given, in.name_of(key));
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

/// A path keeps the JSON; any other way makes a text.
std::vector<named_extract> read_named(known_keys& in, std::string_view key) {
    std::vector<named_extract> all;
    const auto* given = in.at(key);
    if (given == nullptr) return all;
    if (given->is != structure::form::mapping || given->members.size() > most_named) {
        in.complain(key, "wants a mapping of at most 50 names");
        return all;
    }
    for (const auto& [name, value] : given->members) {
        const auto called = in.name_of(key) + "/" + name;
        if (!is_name(name)) in.settings().complain_at(value, called, "a name is a-z, 0-9 and _, at most 64");
        named_extract made{name, {}, std::nullopt};
        made.value = read_extract(in.settings(), value, called);
        if (made.value.how == extract::way::place && made.value.map.empty() && !made.value.otherwise &&
            made.value.after_last.empty() && !made.value.html)
            made.whole = made.value.place;
        all.push_back(std::move(made));
    }
    return all;
}

void read_details(known_keys& in, mapping& into) {
    into.details = read_named(in, "details");
    for (const auto& each : into.details)
        if (std::find(taken_names.begin(), taken_names.end(), each.name) != taken_names.end())
            in.complain("details", "\"" + each.name + "\" is a field that every contact has: choose another name");
    const auto* given = in.at("attributes");
    if (given == nullptr || given->is == structure::form::mapping) {
        into.attributes = read_named(in, "attributes");
        return;
    }
    auto place = field_path::parse(given->text);
    if (place)
        into.all_attributes = std::move(*place);
    else
        in.complain("attributes", place.error().message);
}

void read_attachments(known_keys& in, mapping& into) {
    const auto* given = in.at("attachments");
    if (given == nullptr) return;
    attachment_extract made;
    known_keys file(in.settings(), *given, in.name_of("attachments"));
    if (const auto each = file.required_text("each")) {
        if (auto steps = pointer_steps(*each))
            made.each = std::move(*steps);
        else
            file.complain("each", steps.error().message);
    }
    read_one(file, "name", made.name);
    read_one(file, "type", made.type);
    read_one(file, "size", made.size);
    read_one(file, "url", made.url);
    read_one(file, "id", made.id);
    if (!made.url && !made.id) file.complain("url", "is missing: say where the file is, by url or id");
    file.finish();
    into.attachments = std::move(made);
}

identity_extract read_identity(channel::options& settings, const structure& given, const std::string& name) {
    using space = identity_extract::space;
    static constexpr std::pair<std::string_view, space> spaces[]{
        {"email", space::email}, {"phone", space::phone}, {"id", space::own}, {"external", space::external}};
    identity_extract made;
    known_keys in(settings, given, name);
    int said = 0;
    for (const auto& [word, space] : spaces) {
        const auto* value = in.at(word);
        if (value == nullptr) continue;
        ++said;
        made.in = space;
        made.value = read_extract(settings, *value, in.name_of(word));
    }
    if (said != 1) settings.complain_at(given, name, "wants one of email, phone, id and external");
    made.proven = in.yes_no("proven", false);
    if (made.proven && made.in != space::email) in.complain("proven", "is for mail addresses alone");
    in.finish();
    return made;
}

void read_identities(known_keys& in, mapping& into) {
    const auto* given = in.at("identities");
    if (given == nullptr) return;
    if (given->is != structure::form::list) return in.complain("identities", "wants a list");
    for (const auto& each : given->items)
        into.identities.push_back(read_identity(in.settings(), each, in.name_of("identities")));
}

void read_event_id(known_keys& in, mapping& into) {
    const auto* given = in.at("event_id");
    if (given == nullptr) return;
    if (given->is != structure::form::list) {
        into.event_id.push_back(read_extract(in.settings(), *given, in.name_of("event_id")));
        return;
    }
    for (const auto& each : given->items)
        into.event_id.push_back(read_extract(in.settings(), each, in.name_of("event_id")));
    if (into.event_id.empty()) in.complain("event_id", "wants at least one part");
}

void read_contact(channel::options& settings, const structure& given, mapping& into) {
    known_keys in(settings, given, "contact");
    read_one(in, "kind", into.kind);
    if (into.kind) check_kinds(in, *into.kind);
    read_event_id(in, into);
    const std::pair<std::string_view, std::optional<extract>*> fields[]{{"message_id", &into.message_id},
                                                                        {"from", &into.from},
                                                                        {"handle", &into.handle},
                                                                        {"name", &into.name},
                                                                        {"to", &into.to},
                                                                        {"text", &into.text},
                                                                        {"subject", &into.subject},
                                                                        {"thread", &into.thread},
                                                                        {"conversation", &into.conversation},
                                                                        {"reply_to", &into.reply_to},
                                                                        {"target", &into.target},
                                                                        {"language", &into.language},
                                                                        {"status", &into.status},
                                                                        {"reply_address", &into.reply_address},
                                                                        {"emoji", &into.emoji},
                                                                        {"intent", &into.intent}};
    for (const auto& [key, field] : fields) read_one(in, key, *field);
    if (const auto* at = in.at("at")) into.at = read_time_extract(settings, *at, in.name_of("at"));
    read_attachments(in, into);
    read_identities(in, into);
    read_details(in, into);
    if (!into.from && !into.text && !into.subject)
        settings.complain_at(given, "contact", "says nothing: give at least one of from, text and subject");
    in.finish();
}

}  // namespace

std::optional<record_kind> mapped_kind(std::string_view name) {
    const auto* const found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& each) { return each.first == name; });
    return found == kinds.end() ? std::nullopt : std::optional(found->second);
}

mapping read_mapping(channel::options& settings) {
    mapping made;
    if (const auto each = settings.text("each"); !each.empty()) {
        if (auto steps = pointer_steps(each))
            made.each = std::move(*steps);
        else
            settings.complain("each", steps.error().message);
    }
    if (const auto* ignore = settings.tree("ignore"))
        made.ignore = read_conditions(settings, *ignore, "ignore", "rule");
    if (const auto* echo = settings.tree("echo")) made.echo = read_conditions(settings, *echo, "echo", "echo");
    if (const auto* contact = settings.tree("contact"))
        read_contact(settings, *contact, made);
    else
        settings.complain("contact", "is missing: say where a contact's fields are");
    return made;
}

}  // namespace kindred::connectors::declared
