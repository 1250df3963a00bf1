#include "engine/api/group_count.hpp"

#include "engine/rules/decider.hpp"

#include <algorithm>
#include <iterator>

namespace kindred::api {
namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr std::string_view stage_dimension = "stage";

/// Groups by dimension, as a decision has them.
std::vector<std::pair<std::string_view, std::string_view>> groups_of(const rules::decision& made, bool stages) {
    std::vector<std::pair<std::string_view, std::string_view>> groups;
    if (stages) {
        if (!made.stage.empty()) groups.emplace_back(stage_dimension, made.stage);
        return groups;
    }
    for (const auto& each : made.segments) groups.emplace_back(each.dimension, each.segment);
    return groups;
}

}  // namespace

/// What one thread has counted.
class group_count::tally {
public:
    explicit tally(const group_count& of) : of_(of) {}

    void add(const customer& who) {
        if (who.satisfaction) made_.satisfaction.emplace_back(who.id, *who.satisfaction);
        if (who.merged) return;
        const auto decided_today = decide(who, of_.now_);
        const auto decided_later = decide(who, of_.now_ + of_.ahead_);
        const auto today = groups_of(decided_today, of_.stages_);
        const auto later = groups_of(decided_later, of_.stages_);
        for (std::size_t i = 0; i < today.size(); ++i) {
            const auto& [dimension, group] = today[i];
            auto& row = row_of(dimension, group);
            ++row.size;
            if (i >= later.size() || later[i].second == group) continue;
            ++row.about_to_change;
            const std::string to(later[i].second);
            ++made_.rows[{std::string(dimension), std::string(group), to}].about_to_change;
            if (made_.about_to_change.size() < most_changing_shown)
                made_.about_to_change.push_back({who.id, std::string(dimension), std::string(group), to});
        }
    }
    outcome take() { return std::move(made_); }

private:
    rules::decision decide(const customer& who, time_point at) {
        rules::decision_input input{nothing_said_, who, at, board_};
        input.noting_facts = false;
        return rules::decider(of_.rules_.compiled(), input).place();
    }

    /// Of a group itself. There are few, and every customer asks for some: no key is built for that.
    group_row& row_of(std::string_view dimension, std::string_view group) {
        for (auto* each : of_groups_)
            if (each->group == group && each->dimension == dimension) return *each;
        auto& added = made_.rows[{std::string(dimension), std::string(group), {}}];
        added.dimension = dimension;
        added.group = group;
        of_groups_.push_back(&added);
        return added;
    }

    const group_count& of_;
    const contact nothing_said_;
    const rules::empty_board board_;
    outcome made_;
    std::vector<group_row*> of_groups_;
};

group_count::group_count(store::store& from, const rules::ruleset& rules, const group_question& asked, time_point now)
    : from_(from), rules_(rules), stages_(asked.stages), ahead_(asked.ahead), now_(now) {}

bool group_count::next_customers(std::vector<store::customer_row>& rows) {
    const std::lock_guard hold(mutex_);
    if (over_) return false;
    auto read = from_.customers(last_, rows_at_once);
    if (!read) {
        over_ = true;
        failed_ = read.error();
        return false;
    }
    over_ = read->empty();
    if (!over_) last_ = read->back().id;
    rows = std::move(*read);
    return !over_;
}

void group_count::help() {
    tally counted(*this);
    std::vector<store::customer_row> rows;
    while (next_customers(rows)) {
        for (const auto& row : rows) {
            const auto who = customer_from_json(row.id, row.version, row.json);
            if (!who) return give_up(who.error());
            if (!who->erased_at) counted.add(*who);
        }
    }
    const std::lock_guard hold(mutex_);
    done_.push_back(counted.take());
}

void group_count::give_up(error why) {
    const std::lock_guard hold(mutex_);
    over_ = true;
    failed_ = std::move(why);
}

void group_count::give_up() { give_up(fail(errc::unavailable, "nobody wants to know any more")); }

result<group_count::outcome> group_count::finish() {
    if (failed_) return *failed_;
    outcome all;
    for (auto& part : done_) {
        for (auto& [key, row] : part.rows) {
            auto& into = all.rows[key];
            into.size += row.size;
            into.about_to_change += row.about_to_change;
        }
        std::move(part.about_to_change.begin(), part.about_to_change.end(), std::back_inserter(all.about_to_change));
        all.satisfaction.insert(all.satisfaction.end(), part.satisfaction.begin(), part.satisfaction.end());
    }
    // As one thread alone would have met them.
    std::stable_sort(all.about_to_change.begin(), all.about_to_change.end(),
                     [](const auto& a, const auto& b) { return a.who < b.who; });
    if (all.about_to_change.size() > most_changing_shown) all.about_to_change.resize(most_changing_shown);
    return all;
}

}  // namespace kindred::api
