#include "engine/domain/customer.hpp"

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
    if (!person.tags.empty()) {
        out.key("tags").begin_array();
        for (const auto& tag : person.tags) out.value(tag);
        out.end_array();
    }
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
    out.member("created_at", to_millis(person.created_at));
    return out.end_object().take();
}

result<customer> customer_from_json(customer_id id, std::uint64_t version, std::string_view text) {
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
    from["tags"].for_each([&](json::value tag) { person.tags.emplace_back(tag.text()); });
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
    person.created_at = from_millis(from["created_at"].integer().value_or(0));
    return person;
}

}  // namespace kindred
