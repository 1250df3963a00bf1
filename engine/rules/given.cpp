#include "engine/rules/given.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/file_shapes.hpp"

#include <array>
#include <utility>

namespace kindred::rules {
namespace {

using settings::field;
using settings::section;

namespace shapes = settings::shapes;

constexpr std::int64_t most = 1'000'000'000'000'000;  // of anything that is counted
constexpr std::array<std::pair<std::string_view, bool>, 2> sides{{{"in", true}, {"out", false}}};
constexpr std::array<std::pair<std::string_view, channel_kind>, 6> kind_names{{{"email", channel_kind::email},
                                                                               {"chat", channel_kind::chat},
                                                                               {"social", channel_kind::social},
                                                                               {"phone", channel_kind::phone},
                                                                               {"forum", channel_kind::forum},
                                                                               {"api", channel_kind::api}}};

settings::shape figures_shape() {
    return shapes::section({shapes::optional("waiting", shapes::integer(0, most)),
                            shapes::optional("agents_present", shapes::integer(0, most)),
                            shapes::optional("longest_wait", shapes::span()),
                            shapes::optional("estimated_wait", shapes::span())});
}

void read_channel(const field& given, const kind_of_channel& kinds, contact& into) {
    if (given.is_scalar()) {
        into.channel_name = given.raw()->text;
    } else {
        auto in = given.as_section();
        in.read("name", into.channel_name);
        const auto kind = in.at("kind");
        const auto stated = kind.choice(settings::choices<channel_kind>(kind_names));
        in.finish();
        if (kind.present()) {
            if (stated) into.kind = *stated;
            return;
        }
    }
    const auto configured = kinds ? kinds(into.channel_name) : std::nullopt;
    if (configured)
        into.kind = *configured;
    else if (given.present())
        given.error("kind: is missing; it can be left out only for a channel of the configuration");
}

void read_attributes(const field& given, const attribute_schema& schema, std::string_view source, time_point at,
                     attributes& into) {
    for (const auto& each : given.entries()) {
        const auto* definition = schema.find(each.key);
        if (definition == nullptr) {
            each.value.found().error(each.value.file(), each.at,
                                     "there is no attribute \"" + std::string(each.key) + '"' +
                                         settings::suggestion(each.key, schema.names()));
        } else if (each.value.present()) {
            if (auto value = read_attribute(each.value, definition->type))
                into.insert_or_assign(std::string(each.key), attribute{std::move(*value), std::string(source), at});
        }
    }
}

void read_pins(const field& given, time_point now, customer& into) {
    for (const auto& each : given.entries()) {
        pin made{std::string(each.key), {}, "given", {}, now, std::nullopt};
        if (auto value = each.value.text_not_empty()) {
            made.value = std::move(*value);
            into.pins.push_back(std::move(made));
        }
    }
}

void read_figures(const field& given, const ruleset& rules, given_situation& into) {
    std::vector<std::string> names;
    for (const auto& each : rules.queues()) names.push_back(each.name);
    for (const auto& each : given.entries()) {
        if (rules.queue(each.key) == nullptr) {
            each.value.found().error(
                each.value.file(), each.at,
                "there is no queue \"" + std::string(each.key) + '"' + settings::suggestion(each.key, names));
            continue;
        }
        queue_figures figures;
        auto in = each.value.as_section();
        in.read("waiting", figures.waiting);
        in.read("agents_present", figures.agents_present);
        in.read("longest_wait", figures.longest_wait);
        in.read("estimated_wait", figures.estimated_wait);
        in.finish();
        into.queues.insert_or_assign(std::string(each.key), figures);
    }
}

void read_shares(const field& given, const ruleset& rules, given_situation& into) {
    std::vector<std::string> shared;
    for (const auto& each : rules.compiled().routes)
        if (each.share) shared.push_back(each.name);
    for (const auto& each : given.entries()) {
        const std::string route(each.key);
        if (std::find(shared.begin(), shared.end(), route) == shared.end())
            each.value.found().error(
                each.value.file(), each.at,
                "there is no route \"" + route + "\" with a share" + settings::suggestion(route, shared));
        else if (const auto side = each.value.choice(settings::choices<bool>(sides)))
            into.shares[route] = *side;
    }
}

}  // namespace

const settings::shape& contact_shape() {
    static const auto shape = shapes::section(
        {shapes::optional("channel",
                          shapes::either({shapes::text().meaning("the name of a channel of the configuration"),
                                          shapes::section({shapes::optional("name", shapes::text()),
                                                           shapes::optional("kind", shapes::choice_of(kind_names))})})),
         shapes::optional("from", shapes::text()), shapes::optional("to", shapes::list_or_one(shapes::name())),
         shapes::optional("text", shapes::text()), shapes::optional("subject", shapes::text()),
         shapes::optional("language", shapes::text()), shapes::optional("intent", shapes::text()),
         shapes::optional("attachments", shapes::integer(0, most)), shapes::optional("is_reply", shapes::yes_no()),
         shapes::optional("received_at", shapes::time()), shapes::optional("conversation", shapes::text()),
         shapes::optional("message_id", shapes::text()),
         shapes::optional("attributes", shapes::table(shapes::anything()))});
    return shape;
}

const settings::shape& customer_shape() {
    static const auto shape =
        shapes::section(
            {shapes::optional("known", shapes::yes_no()), shapes::optional("name", shapes::text()),
             shapes::optional("language", shapes::text()), shapes::optional("open_tickets", shapes::integer(0, most)),
             shapes::optional("contacts", shapes::integer(0, most)),
             shapes::optional("last_contact_at", shapes::time()), shapes::optional("last_agent", shapes::text()),
             shapes::optional("tags", shapes::list_or_one(shapes::name())),
             shapes::optional("satisfaction", shapes::number(-1e9, 1e9)),
             shapes::optional("pins", shapes::table(shapes::name()).meaning("dimension: segment")),
             shapes::optional("id", shapes::integer(1, most))})
            .with_others();
    return shape;
}

const settings::shape& given_shape() {
    static const auto shape = shapes::section(
        {shapes::optional("now", shapes::time()), shapes::optional("contact", contact_shape()),
         shapes::optional("customer", customer_shape()), shapes::optional("queues", shapes::table(figures_shape())),
         shapes::optional("share", shapes::table(shapes::choice_of(sides)))});
    return shape;
}

time_point default_now(const ruleset& rules) {
    constexpr int noon = 12 * 60;
    return rules.compiled().zone.instant_of(std::chrono::year{2024} / 1 / 1, noon);
}

contact read_contact(const field& given, const ruleset& rules, time_point now, const kind_of_channel& kinds) {
    contact made;
    made.received_at = now;
    auto in = given.shaped(contact_shape()).as_section();
    read_channel(in.at("channel"), kinds, made);
    in.read("from", made.from);
    in.read("to", made.to);
    in.read("text", made.text);
    in.read("subject", made.subject);
    in.read("language", made.language);
    in.read("intent", made.intent);
    in.read("attachments", made.attachments);
    in.read("is_reply", made.is_reply);
    if (const auto received = in.at("received_at").time()) made.received_at = *received;
    in.read("conversation", made.conversation);
    in.read("message_id", made.message_id);
    read_attributes(in.at("attributes"), rules.compiled().contact_attributes, "contact", made.received_at,
                    made.declared);
    in.finish();
    return made;
}

customer read_customer(const field& given, const ruleset& rules, time_point now) {
    customer made;
    auto in = given.shaped(customer_shape()).as_section();
    made.known = given.is_mapping() && !given.raw()->members.empty();
    in.read("known", made.known);
    in.read("name", made.name);
    in.read("language", made.language);
    in.read("open_tickets", made.open_tickets);
    in.read("contacts", made.contacts);
    made.last_contact_at = in.at("last_contact_at").time();
    in.read("last_agent", made.last_agent);
    in.read("tags", made.tags);
    made.satisfaction = in.at("satisfaction").number();
    read_pins(in.at("pins"), now, made);
    if (const auto id = in.at("id").integer()) made.id.value = static_cast<std::uint64_t>(*id);
    // What is left are attributes: they stand beside the built-in facts, as customer.<attribute> does.
    const auto& schema = rules.compiled().customer_attributes;
    for (const auto& definition : schema.attributes) {
        const auto value = in.at(definition.name);
        if (!value.present()) continue;
        if (auto read_value = read_attribute(value, definition.type))
            made.declared.insert_or_assign(definition.name, attribute{std::move(*read_value), "given", now});
    }
    in.finish();
    return made;
}

given_situation read_given(const field& given, const ruleset& rules, const kind_of_channel& kinds) {
    given_situation made;
    made.now = default_now(rules);
    auto in = given.shaped(given_shape()).as_section();
    if (const auto now = in.at("now").time()) made.now = *now;
    made.about = read_contact(in.at("contact"), rules, made.now, kinds);
    made.who = read_customer(in.at("customer"), rules, made.now);
    read_figures(in.at("queues"), rules, made);
    read_shares(in.at("share"), rules, made);
    in.finish();
    return made;
}

result<contact> contact_from_json(json::value given, const ruleset& rules, time_point now,
                                  const kind_of_channel& kinds) {
    if (!given.is_object()) return fail(errc::invalid, "the contact must be a JSON object");
    const auto tree = settings::tree_from_json(given);
    settings::problems found;
    const field whole("", "", &tree, found);
    if (!given["channel"].exists()) whole.error("channel: is missing");
    auto made = read_contact(whole, rules, now, kinds);
    if (!found.has_errors()) return made;
    std::string all;
    for (const auto& each : found.sorted()) all += (all.empty() ? "" : "; ") + each.message;
    return fail(errc::invalid, std::move(all));
}

}  // namespace kindred::rules
