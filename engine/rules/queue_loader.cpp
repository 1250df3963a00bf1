#include "engine/rules/loaders.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kindred::rules {
namespace {

using settings::field;
using settings::named_field;
using settings::section;

constexpr std::array<std::pair<std::string_view, queue_order>, 3> orders{
    {{"aged", queue_order::aged}, {"strict", queue_order::strict}, {"deadline", queue_order::deadline}}};
constexpr std::array<std::pair<std::string_view, agent_choice>, 4> agent_choices{
    {{"longest_idle", agent_choice::longest_idle},
     {"least_loaded", agent_choice::least_loaded},
     {"round_robin", agent_choice::round_robin},
     {"best_skilled", agent_choice::best_skilled}}};

constexpr duration longest_offer = std::chrono::hours{24};
constexpr std::array<std::pair<std::string_view, agent_preference::whom>, 2> preferences{
    {{"last_agent", agent_preference::whom::last_agent}, {"owner", agent_preference::whom::owner}}};
constexpr int most_agents_offered = 50;
constexpr std::int64_t most_waiting = 100'000'000;

namespace shapes = settings::shapes;

settings::shape closed_shape() {
    return shapes::section({shapes::optional("reply", shapes::name()), shapes::optional("hold", shapes::yes_no()),
                            shapes::optional("overflow", shapes::name()),
                            shapes::optional("call_back", shapes::yes_no().meaning("callers are called later"))});
}

settings::shape borrow_shape() {
    return shapes::section({shapes::required("from", shapes::list(shapes::name()).at_least(1).at_most(20)),
                            shapes::optional("above", shapes::span(std::chrono::seconds{1}, longest_offer)),
                            shapes::optional("below", shapes::span(duration{0}, longest_offer))})
        .meaning("agents of other queues while the estimated wait is long");
}

settings::shape queue_shape() {
    std::vector<settings::key_shape> by_kind;
    for (const auto kind : all_channel_kinds)
        by_kind.push_back(shapes::optional(std::string(kindred::name_of(kind)), shapes::span()));
    return shapes::section(
               {shapes::optional("calendar", shapes::name().meaning("when it is open; always unless said")),
                shapes::optional("order", shapes::choice_of(orders)),
                shapes::optional("choose", shapes::choice_of(agent_choices)),
                shapes::optional(
                    "offer",
                    shapes::section({shapes::optional("to", shapes::integer(1, most_agents_offered)),
                                     shapes::optional("expires", shapes::span(std::chrono::seconds{1}, longest_offer)),
                                     shapes::optional("after_decline", shapes::span(duration{0}, longest_offer))})),
                shapes::optional("prefer",
                                 shapes::either({shapes::choice_of(preferences),
                                                 shapes::section({shapes::optional("last_agent", shapes::span()),
                                                                  shapes::optional("owner", shapes::span())})})),
                shapes::optional("wrap_up", shapes::either({shapes::span(), shapes::section(std::move(by_kind))})),
                shapes::optional("limit", shapes::integer(1, most_waiting)),
                shapes::optional("overflow", shapes::name().meaning("the queue that takes what exceeds the limit")),
                shapes::optional("when_closed", closed_shape()),
                shapes::optional("when_holiday", closed_shape().meaning("as when_closed unless said")),
                shapes::optional("borrow", borrow_shape())})
        .maybe_empty();
}

offer_settings read_offer(const field& given) {
    offer_settings offer;
    auto in = given.as_section();
    in.read("to", offer.to);
    in.read("expires", offer.expires);
    in.read("after_decline", offer.after_decline);
    in.finish();
    return offer;
}

void check_owner(const field& given, load_context& context) {
    const auto* declared = context.rules.customer_attributes.find(owner_attribute);
    if (declared != nullptr && (declared->unsure || declared->type == conditions::fact_type::text)) return;
    given.error(
        "owner is whom the customer's attribute \"owner\" names, an agent's login: declare it in profile.yaml, " +
        std::string("owner: { type: text }"));
}

std::optional<agent_preference> read_preference(const field& given, load_context& context) {
    if (!given.present()) return std::nullopt;
    agent_preference made;
    if (given.is_scalar()) {
        const auto whom = given.text();
        const auto* named = std::find_if(preferences.begin(), preferences.end(),
                                         [&](const auto& each) { return whom && *whom == each.first; });
        if (named == preferences.end()) {
            given.error("must be last_agent or owner, or { last_agent: 30s } to say for how long");
            return std::nullopt;
        }
        made.of = named->second;
    } else {
        auto in = given.as_section();
        int stated = 0;
        for (const auto& [name, whom] : preferences) {
            const auto lasts = in.at(name);
            if (!lasts.present()) continue;
            ++stated;
            made.of = whom;
            made.lasts = lasts.span().value_or(made.lasts);
        }
        in.finish();
        if (stated > 1) given.error("names two agents: a ticket waits for one");
        if (stated == 0) return std::nullopt;
    }
    if (made.of == agent_preference::whom::owner) check_owner(given, context);
    return made;
}

std::map<channel_kind, duration> read_wrap_up(const field& given) {
    std::map<channel_kind, duration> by_kind;
    if (given.is_scalar()) {
        if (const auto span = given.span())
            for (const auto kind : all_channel_kinds) by_kind[kind] = *span;
        return by_kind;
    }
    auto in = given.as_section();
    for (const auto kind : all_channel_kinds)
        if (const auto span = in.at(kindred::name_of(kind)).span()) by_kind[kind] = *span;
    in.finish();
    return by_kind;
}

/// The name of a queue that may be stated further down in the file.
std::string read_other_queue(const field& given, const std::string& own_name, load_context& context,
                             std::string_view doing = "overflow into") {
    auto name = given.text_not_empty();
    if (!name) return {};
    if (*name == own_name) {
        given.error("a queue cannot " + std::string(doing) + " itself");
        return {};
    }
    context.checks_at_the_end.emplace_back(
        [given, name = *name, &context] { check_name(given, "queue", name, context.queue_names()); });
    return std::move(*name);
}

when_closed_settings read_when_closed(const field& given, const std::string& own_name, load_context& context) {
    when_closed_settings closed;
    auto in = given.as_section();
    const auto reply = in.at("reply");
    if (auto id = reply.text_not_empty()) {
        closed.reply = std::move(*id);
        context.checks_at_the_end.emplace_back([reply, id = closed.reply, &context] {
            auto ids = context.rules.library.ids(knowledge::text_kind::script);
            for (auto& each : context.rules.library.ids(knowledge::text_kind::article)) ids.push_back(std::move(each));
            check_name(reply, "script or article", id, ids);
        });
    }
    in.read("hold", closed.hold);
    const auto overflow = in.at("overflow");
    closed.overflow = read_other_queue(overflow, own_name, context);
    in.read("call_back", closed.call_back);
    if (closed.call_back && (!closed.hold || !closed.overflow.empty()))
        given.error("call_back holds the contact: leave out overflow and hold: false");
    in.finish();
    return closed;
}

borrow_settings read_borrow(const field& given, const std::string& own_name, load_context& context) {
    borrow_settings borrow;
    if (!given.present()) return borrow;
    auto in = given.as_section();
    for (const auto& each : in.require("from").list()) {
        auto name = read_other_queue(each, own_name, context, "borrow from");
        if (!name.empty()) borrow.from.push_back(std::move(name));
    }
    in.read("above", borrow.above);
    in.read("below", borrow.below);
    in.finish();
    if (borrow.below >= borrow.above) given.error("below must be less than above: " + to_text(borrow.above));
    return borrow;
}

void read_queue(const named_field& given, load_context& context) {
    queue_settings queue;
    queue.name = given.key;
    if (given.value.present()) {
        auto in = given.value.as_section();
        queue.calendar = read_name(in.at("calendar"), "calendar", context.calendar_names());
        in.choose("order", queue.order, settings::choices<queue_order>(orders));
        in.choose("choose", queue.choose, settings::choices<agent_choice>(agent_choices));
        queue.offer = read_offer(in.at("offer"));
        queue.prefer = read_preference(in.at("prefer"), context);
        queue.wrap_up = read_wrap_up(in.at("wrap_up"));
        queue.limit = in.at("limit").integer();
        queue.overflow = read_other_queue(in.at("overflow"), queue.name, context);
        queue.when_closed = read_when_closed(in.at("when_closed"), queue.name, context);
        if (const auto holiday = in.at("when_holiday"); holiday.present())
            queue.when_holiday = read_when_closed(holiday, queue.name, context);
        queue.borrow = read_borrow(in.at("borrow"), queue.name, context);
        in.finish();
    }
    if (!check_plain_name(given.value, given.at, given.key)) return;
    if (check_fresh_name(given.value, given.at, "queue", queue.name, context.queue_names()))
        context.rules.queues.push_back(std::move(queue));
}

/// Whether following overflows from this queue comes back to it: a ticket would go round for ever.
bool overflows_in_a_circle(const queue_settings& start, const compiled_rules& rules) {
    const auto* at = &start;
    for (std::size_t steps = 0; steps <= rules.queues.size(); ++steps) {
        if (at->overflow.empty()) return false;
        at = rules.queue_named(at->overflow);
        if (at == nullptr) return false;
        if (at == &start) return true;
    }
    return false;
}

void check_overflows(const named_field& given, load_context& context) {
    context.checks_at_the_end.emplace_back([given, &context] {
        const auto* queue = context.rules.queue_named(given.key);
        if (queue != nullptr && overflows_in_a_circle(*queue, context.rules))
            given.value.found().error(given.value.file(), given.at,
                                      "overflow leads from \"" + queue->name + "\" in a circle back to it");
    });
}

}  // namespace

const settings::shape& queues_file_shape() {
    static const auto shape =
        shapes::section(
            {shapes::required("queues", shapes::table(queue_shape()).matching(plain_name_pattern).at_least(1))})
            .maybe_empty();
    return shape;
}

void load_queues(load_context& context) {
    if (!context.files.has(file_kind::queues)) {
        context.found.error(context.files.shown("queues.yaml"), {}, "is missing: a ruleset needs at least one queue");
        return;
    }
    context.for_each_file(file_kind::queues, [&](section& top) {
        const auto queues = top.require("queues");
        if (queues.is_mapping() && queues.raw()->members.empty()) queues.error("names no queue");
        for (const auto& each : queues.entries()) {
            read_queue(each, context);
            check_overflows(each, context);
        }
    });
}

}  // namespace kindred::rules
