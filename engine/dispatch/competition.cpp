#include "engine/dispatch/competition.hpp"

#include <algorithm>
#include <tuple>

namespace kindred::dispatch {

namespace {

constexpr std::size_t most_counted = 1'000;
/// Groups that are told apart; what is beyond counts as one.
constexpr std::size_t most_groups = 64;
constexpr std::uint8_t not_noted = 0xFF;
/// Fewer gaps between arrivals say nothing of how often they come.
constexpr std::uint32_t least_gaps = 4;

/// Tickets before the one in question that the same agents can serve.
struct contender {
    group_key key;
    double work = 0;  ///< milliseconds of one slot
    double slots = 0;
};

/// Agents who can have the same of all this.
struct crew {
    std::uint64_t contenders = 0;  ///< bit per contender
    bool mine = false;             ///< could have the ticket in question
    std::uint32_t capacity = 0;
    std::uint32_t count = 0;
    double busy_until = 0;  ///< milliseconds from now, with what is before

    auto same() const { return std::tie(contenders, mine, capacity); }
};

double handling_in(const core& site, queue_no queue) {
    return static_cast<double>(std::max<std::int64_t>(1, site.queues[queue].mean_handling.count()));
}

/// Pours work over crews, whoever is free soonest first, until all that got some are free at the same time: that time.
template <class SlotsOf>
double pour(double work, std::vector<crew>& crews, SlotsOf slots_of_crew) {
    std::vector<crew*> takers;
    for (crew& each : crews)
        if (slots_of_crew(each) > 0) takers.push_back(&each);
    if (takers.empty()) return 0;
    std::sort(takers.begin(), takers.end(), [](const crew* a, const crew* b) { return a->busy_until < b->busy_until; });
    double slots = 0;
    double level = takers.front()->busy_until;
    std::size_t joined = 0;
    while (true) {
        while (joined < takers.size() && takers[joined]->busy_until <= level) slots += slots_of_crew(*takers[joined++]);
        const double needed = level + work / slots;
        if (joined == takers.size() || needed <= takers[joined]->busy_until) {
            level = needed;
            break;
        }
        work -= (takers[joined]->busy_until - level) * slots;
        level = takers[joined]->busy_until;
    }
    for (std::size_t each = 0; each < joined; ++each) takers[each]->busy_until = level;
    return level;
}

/// Gathers agents and what waits for them, then pours.
class scales {
public:
    scales(const core& site, const waiting_place& place)
        : site_(site), place_(place), bits_(site.groups.size(), not_noted) {}

    competition weigh() {
        competition made;
        each_present(site_, place_.queue, place_.lent_to, [&](slot_no slot) {
            const agent_record& agent = site_.agents[slot];
            if (!works_on(agent, place_.kind) || !meets(site_, agent, place_.demands)) return;
            made.slots += slots_of(agent, place_.cost);
            made.somebody_ready = made.somebody_ready || (has_room(site_, agent, place_.kind, place_.cost) &&
                                                          !paused_by(site_, agent, place_.kind));
            note_contenders_at(agent);
            note_queues_of(agent);
            take_in(slot, true);
        });
        if (made.slots == 0) {
            // Nobody says who would come: everybody before it counts.
            for (const group_no group : site_.queues[place_.queue].groups)
                made.before += static_cast<double>(count_before(group, place_.key));
            return made;
        }
        made.later = overtaking_of(made.slots);
        if (contenders_.empty()) return made;
        take_in_others();
        gather_crews();
        pour_contenders();
        const double handling = handling_in(site_, place_.queue);
        const double turn =
            pour(handling, crews_, [&](const crew& of) { return of.mine ? slots_in(of, place_.cost) : 0.0; });
        made.before = std::max(0.0, turn * made.slots / handling - 1);
        return made;
    }

private:
    static double slots_in(const crew& of, std::uint32_t cost) {
        return static_cast<double>(of.count) * std::max<std::uint32_t>(1, of.capacity / cost);
    }

    std::size_t count_before(group_no group, const order_key& key) {
        const auto& waiting = site_.groups[group].line;
        if (waiting.empty() || left_ == 0) return 0;
        const std::size_t count = waiting.count_before(key, left_);
        left_ -= std::min(left_, count);
        return count;
    }

    /// An agent takes the longest wait, head starts counted, of all its queues of one rank.
    std::size_t contending(const served_group& served, const agent_record& agent) {
        if (served.queue == place_.queue) return count_before(served.group, place_.key);
        const membership* own = membership_in(agent, place_.queue);
        const std::uint32_t rank = own == nullptr ? 0 : own->rank;
        const group_head& head = site_.heads[served.group];
        const order_key& key = place_.key;
        const bool first = std::tie(head.key.aged, head.key.ticket) < std::tie(key.aged, key.ticket);
        if (served.rank > rank || (served.rank == rank && !first)) return 0;
        const auto& waiting = site_.groups[served.group].line;
        if (served.rank < rank || site_.queues[served.queue].settings.order != serving_order::aged)
            return waiting.size();
        return count_before(served.group, {key.aged, key.aged, key.ticket});
    }

    void note_contenders_at(const agent_record& agent) {
        agent.served.for_each([&](const served_group& served) {
            if (bits_[served.group] != not_noted || site_.heads[served.group].ticket == none) return;
            const std::size_t count = contending(served, agent);
            const std::size_t bit = std::min(contenders_.size(), most_groups - 1);
            bits_[served.group] = static_cast<std::uint8_t>(bit);
            const group_key& key = site_.groups[served.group].key;
            if (bit == contenders_.size()) contenders_.push_back({key, 0, 0});
            // One that costs more must wait until so much comes free at once: as a rule it is passed.
            const double weight = std::min(1.0, static_cast<double>(place_.cost) / key.cost);
            contenders_[bit].work += static_cast<double>(count) * handling_in(site_, served.queue) * weight;
        });
    }

    void note_queues_of(const agent_record& agent) {
        const double slots = slots_of(agent, place_.cost);
        for (const membership& each : agent.queues) {
            const auto known = std::find_if(reached_.begin(), reached_.end(),
                                            [&](const auto& other) { return other.first == each.queue; });
            if (known != reached_.end())
                known->second += slots;
            else if (reached_.size() < most_groups)
                reached_.emplace_back(each.queue, slots);
        }
    }

    /// How long one with this head start that comes from now on still goes first; nothing: it does not.
    std::optional<duration> goes_first_for(queue_no queue, duration head_start) const {
        const bool strict = site_.queues[queue].settings.order == serving_order::strict;
        if (queue == place_.queue && strict)
            return -head_start.count() < place_.key.major ? std::optional(longest_span) : std::nullopt;
        const duration within{place_.key.aged + head_start.count() - to_millis(site_.now)};
        return within > duration{0} ? std::optional(within) : std::nullopt;
    }

    std::vector<overtaking> overtaking_of(std::uint32_t slots) const {
        std::vector<overtaking> found;
        for (const auto& [queue, mine] : reached_) {
            for (const inflow_level& level : site_.queues[queue].inflow) {
                const auto within = goes_first_for(queue, level.head_start);
                if (!within || level.gaps < least_gaps) continue;
                const duration gap = std::max(level.gaps_sum / level.gaps, site_.now - level.last_came);
                // Spread over everybody of its queue.
                double of_queue = 0;
                const auto& members = site_.queues[queue].members;
                for (std::uint32_t each = 0; each < site_.queues[queue].available; ++each)
                    of_queue += slots_of(site_.agents[members[each]], place_.cost);
                const double busy =
                    handling_in(site_, queue) / static_cast<double>(std::max<std::int64_t>(1, gap.count())) / of_queue;
                found.push_back({busy * mine / slots, *within});
            }
        }
        return found;
    }

    void take_in(slot_no slot, bool mine) {
        if (slot >= seen_.size()) seen_.resize(slot + 1, false);
        if (seen_[slot]) return;
        seen_[slot] = true;
        taken_in_.emplace_back(slot, mine);
    }

    /// Who shares that work without being able to have the ticket.
    void take_in_others() {
        std::vector<std::pair<queue_no, queue_no>> visited;
        for (const contender& each : contenders_) {
            const std::pair from{each.key.queue, each.key.lent_to};
            if (each.work <= 0 || std::find(visited.begin(), visited.end(), from) != visited.end()) continue;
            visited.push_back(from);
            each_present(site_, from.first, from.second, [&](slot_no slot) { take_in(slot, false); });
        }
    }

    void gather_crews() {
        for (const auto& [slot, mine] : taken_in_) {
            const agent_record& agent = site_.agents[slot];
            crew one{0, mine, agent.capacity, 1, 0};
            agent.served.for_each([&](const served_group& served) {
                if (bits_[served.group] != not_noted) one.contenders |= std::uint64_t{1} << bits_[served.group];
            });
            crews_.push_back(one);
        }
        std::sort(crews_.begin(), crews_.end(), [](const crew& a, const crew& b) { return a.same() < b.same(); });
        std::size_t last = 0;
        for (std::size_t each = 1; each < crews_.size(); ++each) {
            if (crews_[each].same() == crews_[last].same())
                ++crews_[last].count;
            else
                crews_[++last] = crews_[each];
        }
        crews_.resize(last + 1);
    }

    /// What few can do first: what many can do goes round it.
    void pour_contenders() {
        std::vector<std::size_t> order;
        for (std::size_t bit = 0; bit < contenders_.size(); ++bit) {
            for (const crew& each : crews_)
                if (does(each, bit)) contenders_[bit].slots += slots_in(each, contenders_[bit].key.cost);
            if (contenders_[bit].work > 0) order.push_back(bit);
        }
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return contenders_[a].slots < contenders_[b].slots; });
        for (const std::size_t bit : order)
            pour(contenders_[bit].work, crews_,
                 [&](const crew& of) { return does(of, bit) ? slots_in(of, contenders_[bit].key.cost) : 0.0; });
    }

    static bool does(const crew& of, std::size_t bit) { return (of.contenders >> bit & 1U) != 0; }

    const core& site_;
    const waiting_place& place_;
    std::vector<std::uint8_t> bits_;  ///< by group: the contender that it belongs to
    std::vector<contender> contenders_;
    std::vector<bool> seen_;  ///< by agent
    std::vector<std::pair<slot_no, bool>> taken_in_;
    std::vector<crew> crews_;
    std::vector<std::pair<queue_no, double>> reached_;  ///< queues of those who could have it, and their slots
    std::size_t left_ = most_counted;                   ///< tickets that may still be counted
};

}  // namespace

std::uint32_t slots_of(const agent_record& agent, std::uint32_t cost) {
    return std::max<std::uint32_t>(1, agent.capacity / cost);
}

competition competition_for(const core& site, const waiting_place& place) { return scales(site, place).weigh(); }

}  // namespace kindred::dispatch
