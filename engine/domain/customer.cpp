#include "engine/domain/customer.hpp"

#include "engine/domain/usual_customer.hpp"

#include <algorithm>

namespace kindred {
namespace {

/// Typed values are stored as {"t": type letter, "v": value}: JSON alone cannot tell a time from a text.
void write_typed(json::writer& out, const fact_value& value) {
    struct visitor {
        json::writer& out;
        void operator()(std::monostate) const { out.null(); }
        void operator()(bool truth) const { out.member("b", truth); }
        void operator()(std::int64_t number) const { out.member("i", number); }
        void operator()(double number) const { out.member("n", number); }
        void operator()(const std::string& text) const { out.member("s", text); }
        void operator()(time_point at) const { out.member("t", to_millis(at)); }
        void operator()(duration span) const { out.member("d", span.count()); }
        void operator()(const std::vector<std::string>& many) const {
            out.key("l").begin_array();
            for (const auto& each : many) out.value(each);
            out.end_array();
        }
    };
    if (!std::holds_alternative<std::monostate>(value)) std::visit(visitor{out}, value);
}

void write_texts(json::writer& out, std::string_view key, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    out.key(key).begin_array();
    for (const auto& each : texts) out.value(each);
    out.end_array();
}

std::vector<std::string> read_texts(json::value from) {
    std::vector<std::string> texts;
    from.for_each([&](json::value each) { texts.emplace_back(each.text()); });
    return texts;
}

void write_merge(json::writer& out, const merge_record& record) {
    out.key("merged").begin_object().member("into", to_string(record.into)).member_if("by", record.by);
    out.member_if("reason", record.reason).member("at", to_millis(record.at));
    write_texts(out, "attributes", record.attributes);
    write_texts(out, "tags", record.tags);
    write_texts(out, "pins", record.pins);
    out.member("name", record.gave_name).member("language", record.gave_language);
    out.member("satisfaction", record.gave_satisfaction).end_object();
}

std::optional<merge_record> read_merge(json::value from) {
    const auto into = parse_id<customer_id>(from["into"].text());
    if (!into) return std::nullopt;
    merge_record record;
    record.into = *into;
    record.by = from["by"].text();
    record.reason = from["reason"].text();
    record.at = from_millis(from["at"].integer().value_or(0));
    record.attributes = read_texts(from["attributes"]);
    record.tags = read_texts(from["tags"]);
    record.pins = read_texts(from["pins"]);
    record.gave_name = from["name"].boolean().value_or(false);
    record.gave_language = from["language"].boolean().value_or(false);
    record.gave_satisfaction = from["satisfaction"].boolean().value_or(false);
    return record;
}

fact_value read_typed(json::value from) {
    if (const auto truth = from["b"].boolean()) return *truth;
    if (const auto number = from["i"].integer()) return *number;
    if (const auto number = from["n"].number()) return *number;
    if (from["s"].is_string()) return std::string(from["s"].text());
    if (const auto millis = from["t"].integer()) return from_millis(*millis);
    if (const auto millis = from["d"].integer()) return duration{*millis};
    if (from["l"].is_array()) {
        std::vector<std::string> many;
        from["l"].for_each([&](json::value each) { many.emplace_back(each.text()); });
        return many;
    }
    return std::monostate{};
}

}  // namespace

bool is_or_goes_on_as(customer_id id, const customer& person) {
    return id == person.id ||
           std::find(person.merged_from.begin(), person.merged_from.end(), id) != person.merged_from.end();
}

std::string to_json(const customer& person) {
    json::writer out;
    out.begin_object().member("known", person.known);
    out.member_if("name", person.name).member_if("language", person.language);
    if (!person.declared.empty()) {
        out.key("attributes").begin_object();
        for (const auto& [name, held] : person.declared) {
            out.key(name).begin_object();
            write_typed(out, held.value);
            out.member_if("source", held.source).member("at", to_millis(held.at)).end_object();
        }
        out.end_object();
    }
    write_texts(out, "tags", person.tags);
    out.key("identities").begin_array();
    for (const auto& each : person.identities)
        out.begin_object().member("id", each.text).member("proven", each.proven == proof::proven).end_object();
    out.end_array();
    if (!person.pins.empty()) {
        out.key("pins").begin_array();
        for (const auto& each : person.pins) {
            out.begin_object().member("dimension", each.dimension).member("value", each.value);
            out.member_if("by", each.by).member_if("reason", each.reason).member("at", to_millis(each.at));
            if (each.until) out.member("until", to_millis(*each.until));
            out.end_object();
        }
        out.end_array();
    }
    out.member("open_tickets", person.open_tickets).member("contacts", person.contacts);
    if (person.last_contact_at) out.member("last_contact_at", to_millis(*person.last_contact_at));
    out.member_if("last_agent", person.last_agent);
    if (person.satisfaction) out.member("satisfaction", *person.satisfaction);
    if (person.surveyed_at) out.member("surveyed_at", to_millis(*person.surveyed_at));
    out.member("created_at", to_millis(person.created_at));
    if (person.erased_at) out.member("erased_at", to_millis(*person.erased_at));
    if (person.notes > 0) out.member("notes", person.notes);
    if (person.merged) write_merge(out, *person.merged);
    if (!person.merged_from.empty()) {
        out.key("merged_from").begin_array();
        for (const auto each : person.merged_from) out.value(to_string(each));
        out.end_array();
    }
    return out.end_object().take();
}

result<customer> customer_from_json(customer_id id, std::uint64_t version, std::string_view text) {
    customer usual;
    usual.id = id;
    usual.version = version;
    if (read_usual_customer(text, usual)) return usual;
    auto parsed = json::document::parse(text);
    if (!parsed) return fail(errc::corrupt, "customer " + to_string(id) + ": " + parsed.error().message);
    const auto from = parsed->root();
    customer person;
    person.id = id;
    person.version = version;
    person.known = from["known"].boolean().value_or(false);
    person.name = from["name"].text();
    person.language = from["language"].text();
    from["attributes"].for_each_member([&](std::string_view name, json::value held) {
        person.declared.emplace(name, attribute{read_typed(held), std::string(held["source"].text()),
                                                from_millis(held["at"].integer().value_or(0))});
    });
    person.tags = read_texts(from["tags"]);
    from["identities"].for_each([&](json::value each) {
        person.identities.push_back({std::string(each["id"].text()),
                                     each["proven"].boolean().value_or(false) ? proof::proven : proof::claimed});
    });
    from["pins"].for_each([&](json::value each) {
        pin held{std::string(each["dimension"].text()),
                 std::string(each["value"].text()),
                 std::string(each["by"].text()),
                 std::string(each["reason"].text()),
                 from_millis(each["at"].integer().value_or(0)),
                 std::nullopt};
        if (const auto until = each["until"].integer()) held.until = from_millis(*until);
        person.pins.push_back(std::move(held));
    });
    person.open_tickets = from["open_tickets"].integer().value_or(0);
    person.contacts = from["contacts"].integer().value_or(0);
    if (const auto at = from["last_contact_at"].integer()) person.last_contact_at = from_millis(*at);
    person.last_agent = from["last_agent"].text();
    person.satisfaction = from["satisfaction"].number();
    if (const auto at = from["surveyed_at"].integer()) person.surveyed_at = from_millis(*at);
    person.created_at = from_millis(from["created_at"].integer().value_or(0));
    if (const auto at = from["erased_at"].integer()) person.erased_at = from_millis(*at);
    person.notes = from["notes"].integer().value_or(0);
    person.merged = read_merge(from["merged"]);
    from["merged_from"].for_each([&](json::value each) {
        if (const auto read = parse_id<customer_id>(each.text())) person.merged_from.push_back(*read);
    });
    return person;
}

}  // namespace kindred
