#include "engine/simulation/traffic_source.hpp"

#include "engine/routing/plan.hpp"
#include "engine/rules/decider.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::simulation {
namespace {

constexpr double millis_an_hour = 3'600'000;
constexpr duration a_minute{60'000};

enum class change { never = 1, by_the_minute, at_any_time };

/// When another decision could come out for the same contact, by a fact that was read.
change change_of(const conditions::fact_definition& fact, const conditions::fact_reading& read) {
    // The figures of queues change with everything that happens.
    if (fact.name.starts_with("queue.")) return change::at_any_time;
    // Opening hours and the clock change on the minute.
    if (read.source == "calendar" || read.source == "clock") return change::by_the_minute;
    // Moments are compared with the present.
    const bool is_moment = fact.type == conditions::fact_type::time || fact.type == conditions::fact_type::date;
    return is_moment ? change::at_any_time : change::never;
}

time_point holds_until(conditions::fact_table& facts, time_point now) {
    change soonest = change::never;
    for (const auto fact : facts.facts_read())
        soonest = std::max(soonest, change_of(facts.catalog()[fact], facts.read(fact)));
    if (soonest == change::at_any_time) return now;
    if (soonest == change::never) return time_point::max();
    return std::chrono::floor<std::chrono::minutes>(now) + a_minute;
}

}  // namespace

traffic_source::traffic_source(const rules::ruleset& rules, const traffic& of) : rules_(rules), traffic_(of) {
    for (const auto& route : rules.compiled().routes)
        if (route.share) shared_.emplace_back(route.name, *route.share);
    std::uint64_t number = 0;
    const auto own_stream = [&] { return random_stream(of.seed, ++number); };
    for (const auto& row : of.arrivals) {
        auto& made = streams_.emplace_back(stream{&row,
                                                  row.who,
                                                  *std::max_element(row.per_hour.begin(), row.per_hour.end()),
                                                  own_stream(),
                                                  own_stream(),
                                                  own_stream(),
                                                  own_stream(),
                                                  0,
                                                  of.start,
                                                  {}});
        draw_next(made);
    }
    (void)next();
}

std::optional<time_point> traffic_source::next() const {
    if (streams_.empty() || streams_[soonest_].next == time_point::max()) return std::nullopt;
    return streams_[soonest_].next;
}

/// A Poisson process at the highest rate, of which hours with a lower one keep their share (thinning).
void traffic_source::draw_next(stream& of) {
    if (of.highest <= 0) {
        of.next = time_point::max();
    } else {
        do {
            of.exact += of.coming.exponential() * (millis_an_hour / of.highest);
            of.next = traffic_.start + duration{static_cast<std::int64_t>(std::floor(of.exact))};
        } while (is_thinned_out(of));
    }
    soonest_ = 0;
    for (std::size_t each = 1; each < streams_.size(); ++each)
        if (streams_[each].next < streams_[soonest_].next) soonest_ = each;
}

bool traffic_source::is_thinned_out(stream& of) const {
    const auto& rates = of.row->per_hour;
    if (std::all_of(rates.begin(), rates.end(), [&](double each) { return each == of.highest; })) return false;
    const auto hour = static_cast<std::size_t>(rules_.compiled().zone.at(of.next).hour);
    return of.coming.unit() * of.highest > rates[hour];
}

std::vector<bool> traffic_source::sides_of(customer_id who) const {
    std::vector<bool> sides;
    for (const auto& [route, percent] : shared_) sides.push_back(rules::hash_is_in_share(route, who, percent));
    return sides;
}

traffic_source::decided traffic_source::decide(const stream& of, const std::vector<bool>& sides, time_point now,
                                               const rules::queue_board& board) {
    rules::share_overrides shares;
    for (std::size_t each = 0; each < sides.size(); ++each) shares[shared_[each].first] = sides[each];
    auto about = of.row->about;
    about.received_at = now;
    const rules::decision_input input{about, of.who, now, board, &shares, true};
    rules::decider deciding(rules_.compiled(), input);
    const rules::decision said = deciding.decide();
    decided made;
    dispatch::enqueue told;
    told.kind = about.kind;
    told.cost = static_cast<std::uint32_t>(std::max(1, rules_.cost_of(about.kind)));
    told.plan = routing::to_plan(said);
    made.told = std::move(told);
    made.sort = sort_number({said.queue, said.segments, said.stage});
    made.handling = traffic_.handling.of(said.queue);
    made.patience = traffic_.patience.of(said.queue);
    made.holds_until = holds_until(deciding.facts(), now);
    if (!rules_.compiled().escalations.empty())
        made.about = std::make_shared<const escalation_facts>(
            escalation_facts{&of.row->about, &of.who, said.priority, said.segments, said.stage});
    return made;
}

arrival traffic_source::take(const rules::queue_board& board) {
    stream& from = streams_[soonest_];
    const time_point now = from.next;
    if (from.row->any_customer && !shared_.empty())
        from.who.id.value = (from.customers.next() >> 12U) + 1;  // shares go by the customer's number
    auto sides = sides_of(from.who.id);
    auto known = from.decisions.find(sides);
    if (known == from.decisions.end() || known->second.holds_until <= now) {
        auto fresh = decide(from, sides, now, board);
        known = from.decisions.insert_or_assign(std::move(sides), std::move(fresh)).first;
    }
    decided& what = known->second;
    arrival made;
    made.told = &what.told;
    made.what = what.sort;
    made.about = what.about;
    if (what.handling != nullptr) made.handling = what.handling->draw(from.talking);
    if (what.patience != nullptr) made.patience = what.patience->draw(from.bearing);
    draw_next(from);
    return made;
}

std::uint32_t traffic_source::sort_number(sort_of_contact sort) {
    const auto known = std::find(sorts_.begin(), sorts_.end(), sort);
    if (known != sorts_.end()) return static_cast<std::uint32_t>(known - sorts_.begin());
    sorts_.push_back(std::move(sort));
    return static_cast<std::uint32_t>(sorts_.size() - 1);
}

}  // namespace kindred::simulation
