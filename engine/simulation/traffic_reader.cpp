#include "engine/simulation/traffic_reader.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/file_shapes.hpp"
#include "engine/rules/given.hpp"
#include "engine/settings/json_schema.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::simulation {
namespace {

using settings::field;
using settings::section;
namespace shapes = settings::shapes;

constexpr double most_hours = 100'000;
constexpr double most_per_hour = 100'000;
constexpr std::int64_t most_agents = 100'000;
constexpr std::int64_t most_seed = 9'007'199'254'740'991;  // what every JSON reader keeps exactly
constexpr double most_not_taken = 0.9;
constexpr duration longest = std::chrono::days{30};

settings::shape distribution_shape() {
    return shapes::section(
        {shapes::optional("exponential", shapes::span(duration{1}, longest).meaning("the mean")),
         shapes::optional("fixed", shapes::span(duration{0}, longest)),
         shapes::optional(
             "lognormal",
             shapes::section({shapes::required("mean", shapes::span(duration{1}, longest)),
                              shapes::required("cv", shapes::number(0, 100).meaning("standard deviation / mean"))}))});
}

settings::shape by_queue_shape() {
    return shapes::either(
        {distribution_shape(),
         shapes::table(distribution_shape()).meaning("by queue; `others` stands for those not named")});
}

settings::shape arrival_shape() {
    auto row = rules::contact_shape();
    const auto rate = shapes::number(0, most_per_hour);
    row.keys.push_back(shapes::required(
        "per_hour", shapes::either({rate, shapes::list(rate).at_least(24).at_most(24).meaning("by hour of day")})));
    row.keys.push_back(shapes::optional("customer", rules::customer_shape()));
    return row;
}

settings::shape levels_shape() {
    return shapes::either({shapes::table(shapes::integer(1, 10)), shapes::list(shapes::name())});
}

settings::shape roster_shape() {
    return shapes::section(
        {shapes::optional("name", shapes::name().meaning("for --sweep")),
         shapes::required("agents", shapes::integer(0, most_agents)),
         shapes::required("queues", shapes::list_or_one(shapes::name())), shapes::optional("skills", levels_shape()),
         shapes::optional("languages", levels_shape()),
         shapes::optional("capacity", shapes::integer(1, 1'000).meaning("units")),
         shapes::optional("present", shapes::name().meaning("`always`, or a calendar of the rules")),
         shapes::optional("declines", shapes::percent().meaning("so many of the offers; with `misses` at most 90%")),
         shapes::optional("misses", shapes::percent().meaning("so many of the offers are left until they expire"))});
}

/// Whether a mapping is one distribution, or distributions by queue. A queue may be called "lognormal".
bool is_one_distribution(const field& given) {
    return std::all_of(given.raw()->members.begin(), given.raw()->members.end(), [](const settings::member& each) {
        if (each.value.kind != settings::node_kind::mapping) return true;
        return each.key == "lognormal" && (each.value.find("mean") != nullptr || each.value.find("cv") != nullptr);
    });
}

std::optional<distribution> read_distribution(const field& given) {
    const std::size_t problems_before = given.found().sorted().size();
    std::optional<distribution> made;
    std::size_t forms = 0;
    auto in = given.as_section();
    if (const auto mean = in.at("exponential").span()) made = {distribution::form::exponential, *mean, 0};
    if (const auto length = in.at("fixed").span()) made = {distribution::form::fixed, *length, 0};
    if (const auto lognormal = in.at("lognormal"); lognormal.present()) {
        auto of = lognormal.as_section();
        const auto mean = of.require("mean").span();
        const auto cv = of.require("cv").number();
        of.finish();
        if (mean && cv) made = {distribution::form::lognormal, *mean, *cv};
    }
    for (const char* name : {"exponential", "fixed", "lognormal"}) forms += in.at(name).present() ? 1 : 0;
    in.finish();
    if (forms != 1 && given.is_mapping() && given.found().sorted().size() == problems_before) {
        given.error("must say one of exponential, fixed and lognormal");
        return std::nullopt;
    }
    return made;
}

by_queue read_by_queue(const field& given, const rules::ruleset& rules) {
    by_queue made;
    if (!given.present()) return made;
    if (!given.is_mapping() || is_one_distribution(given)) {
        made.others = read_distribution(given);
        return made;
    }
    std::vector<std::string> names{"others"};
    for (const auto& queue : rules.queues()) names.push_back(queue.name);
    for (const auto& each : given.entries()) {
        if (std::find(names.begin(), names.end(), each.key) == names.end()) {
            each.value.found().error(
                each.value.file(), each.at,
                "there is no queue \"" + std::string(each.key) + '"' + settings::suggestion(each.key, names));
            continue;
        }
        const auto read = read_distribution(each.value);
        if (!read) continue;
        if (each.key == "others")
            made.others = read;
        else
            made.named.emplace(each.key, *read);
    }
    return made;
}

void read_rates(const field& given, arrival_row& into) {
    if (!given.is_list()) {
        if (const auto rate = given.number()) into.per_hour.fill(*rate);
        return;
    }
    const auto rates = given.list();
    if (rates.size() != into.per_hour.size()) {
        given.error("must be one number, or 24: one for each hour of the day; there are " +
                    std::to_string(rates.size()));
    }
    for (std::size_t hour = 0; hour < std::min(rates.size(), into.per_hour.size()); ++hour)
        into.per_hour[hour] = rates[hour].number().value_or(0);
}

arrival_row read_arrival(const field& given, const rules::ruleset& rules, time_point start) {
    arrival_row made;
    auto in = given.as_section();
    read_rates(in.require("per_hour"), made);
    made.who = rules::read_customer(in.at("customer"), rules, start);
    made.any_customer = made.who.id.value == 0;
    if (!given.is_mapping()) return made;
    // What is left is a contact, as rule tests state one.
    settings::node about = *given.raw();
    std::erase_if(about.members, [](const auto& each) { return each.key == "per_hour" || each.key == "customer"; });
    if (about.find("channel") == nullptr) given.error("channel: is missing");
    if (given.raw()->find("per_hour") == nullptr) given.error("per_hour: is missing");
    made.about =
        rules::read_contact(field(given.file(), given.name(), &about, given.found(), given.at()), rules, start);
    return made;
}

void read_levels(const field& given, dispatch::ability_kind kind, const std::vector<std::string>* known,
                 std::vector<dispatch::requirement>& into) {
    const auto add = [&](std::string_view name, settings::position at, std::int64_t level) {
        if (known != nullptr && std::find(known->begin(), known->end(), name) == known->end()) {
            given.found().error(given.file(), at,
                                "there is no skill \"" + std::string(name) + '"' + settings::suggestion(name, *known));
            return;
        }
        into.push_back({kind, std::string(name), static_cast<std::uint8_t>(level)});
    };
    if (given.is_list()) {
        for (const auto& each : given.list())
            if (const auto name = each.text_not_empty()) add(*name, each.at(), 10);
        return;
    }
    for (const auto& [key, at, value] : given.entries())
        if (const auto level = value.integer()) add(key, at, *level);
}

roster_row read_roster_row(const field& given, const rules::ruleset& rules) {
    roster_row made;
    std::vector<std::string> known;
    for (const auto& queue : rules.queues()) known.push_back(queue.name);
    auto in = given.as_section();
    in.read("name", made.name);
    made.agents = in.require("agents").integer().value_or(0);
    for (const auto& each : in.require("queues").list(true)) {
        const auto name = each.text_not_empty();
        if (!name) continue;
        if (rules.queue(*name) == nullptr)
            each.error("there is no queue \"" + *name + '"' + settings::suggestion(*name, known));
        else if (std::find(made.queues.begin(), made.queues.end(), *name) != made.queues.end())
            each.error("queue \"" + *name + "\" is named twice");
        made.queues.push_back(*name);
    }
    read_levels(in.at("skills"), dispatch::ability_kind::skill, &rules.skills(), made.abilities);
    read_levels(in.at("languages"), dispatch::ability_kind::language, nullptr, made.abilities);
    made.capacity = static_cast<std::uint32_t>(in.at("capacity").integer().value_or(1));
    const auto present = in.at("present");
    if (const auto name = present.text_not_empty(); name && *name != "always") {
        if (rules.calendar(*name) == nullptr) present.error("there is no calendar \"" + *name + "\"; `always` is one");
        made.present = *name;
    }
    made.declines = in.at("declines").percent().value_or(0) / 100;
    made.misses = in.at("misses").percent().value_or(0) / 100;
    if (made.declines + made.misses > most_not_taken)
        in.whole().error("declines and misses: at most 90% together, or nobody would ever take what comes");
    in.finish();
    return made;
}

/// What no single key shows.
void check_whole(const section& root, const field& handling, const field& answer, const traffic& made,
                 const rules::ruleset& rules) {
    const bool comes = std::any_of(made.arrivals.begin(), made.arrivals.end(), [](const arrival_row& row) {
        return std::any_of(row.per_hour.begin(), row.per_hour.end(), [](double rate) { return rate > 0; });
    });
    if (!comes && !made.arrivals.empty()) root.whole().error("arrivals: nothing ever comes");
    for (const auto& queue : rules.queues()) {
        if (handling.present() && made.handling.of(queue.name) == nullptr && !made.handling.named.empty())
            handling.error("says nothing of queue \"" + queue.name + "\"; `others` stands for those not named");
        if (made.answer >= queue.offer.expires)
            answer.error("an offer of queue \"" + queue.name + "\" expires after " + to_text(queue.offer.expires) +
                         ": nobody would ever accept one");
    }
}

}  // namespace

const settings::shape& traffic_shape() {
    static const auto shape = shapes::section(
        {shapes::required("hours", shapes::number(1, most_hours)),
         shapes::optional("seed", shapes::integer(0, most_seed)),
         shapes::optional("start", shapes::time().meaning("default: Monday 2024-01-01, midnight in the site's zone")),
         shapes::required("arrivals", shapes::list(arrival_shape()).at_least(1)),
         shapes::required("handling", by_queue_shape()), shapes::optional("patience", by_queue_shape()),
         shapes::required("roster", shapes::list(roster_shape())),
         shapes::optional("wrap_up", shapes::span(duration{0}, longest).meaning("in place of what the rules say")),
         shapes::optional("answer",
                          shapes::span(duration{0}, longest).meaning("until an agent accepts or declines an offer")),
         shapes::optional("back_after", shapes::span(std::chrono::seconds{1}, longest)
                                            .meaning("until who missed an offer is there again; default: 1m")),
         shapes::optional(
             "service_level",
             shapes::list_or_one(shapes::span(duration{0}, longest)).meaning("answered within; default: 20s"))});
    return shape;
}

std::string traffic_schema() { return settings::json_schema(traffic_shape(), "Kindred: traffic for `simulate`"); }

std::optional<traffic> read_traffic(std::string_view file, std::string_view text, const rules::ruleset& rules,
                                    settings::problems& found) {
    const auto tree = settings::parse_yaml(file, text, found);
    if (!tree) return std::nullopt;
    const field whole(file, "", &*tree, found, {1, 1});
    traffic made;
    section in = whole.shaped(traffic_shape()).as_section();
    constexpr double millis_an_hour = 3'600'000;
    made.lasts = duration{std::llround(in.require("hours").number().value_or(1) * millis_an_hour)};
    made.seed = static_cast<std::uint64_t>(in.at("seed").integer().value_or(1));
    made.start = in.at("start").time().value_or(rules.compiled().zone.instant_of(std::chrono::year{2024} / 1 / 1, 0));
    for (const auto& each : in.require("arrivals").list())
        made.arrivals.push_back(read_arrival(each, rules, made.start));
    const auto handling = in.require("handling");
    made.handling = read_by_queue(handling, rules);
    made.patience = read_by_queue(in.at("patience"), rules);
    for (const auto& each : in.require("roster").list()) made.roster.push_back(read_roster_row(each, rules));
    made.wrap_up = in.at("wrap_up").span();
    const auto answer = in.at("answer");
    made.answer = answer.span().value_or(duration{0});
    made.back_after = in.at("back_after").span().value_or(made.back_after);
    if (const auto levels = in.at("service_level"); levels.present()) {
        made.service_levels.clear();
        for (const auto& each : levels.list(true))
            if (const auto within = each.span()) made.service_levels.push_back(*within);
    }
    in.finish();
    check_whole(in, handling, answer, made, rules);
    if (found.has_errors()) return std::nullopt;
    return made;
}

}  // namespace kindred::simulation
