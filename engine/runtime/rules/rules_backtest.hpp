#pragma once
#include "engine/rules/backtest.hpp"
#include "engine/runtime/people/person.hpp"
#include "engine/runtime/rules/waiting_simulation.hpp"
#include "engine/understanding/sure_articles.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kindred::runtime {

/// How many recorded contacts an article would have answered before an agent, whatever came of it.
struct answered_contacts {
    bool looked_for = false;  ///< the rules answer with articles at all
    std::size_t answered = 0;
    duration hold{};  ///< how long agents are not offered these
};

/// What a change of rules would have done to recorded contacts.
struct backtest_report {
    std::string before;  ///< hash
    std::string after;
    rules::backtest decisions;
    answered_contacts articles_before;
    answered_contacts articles_after;
    std::size_t handlings_recorded = 0;  ///< contacts of which it is on record how long an agent worked on them
    /// By queue; none where there is no roster to simulate with.
    std::optional<std::map<std::string, simulated_waits>> waits_before;
    std::optional<std::map<std::string, simulated_waits>> waits_after;
};

/// Collects contacts, then simulates the waiting. The rulesets must outlive it.
class backtest_run {
public:
    backtest_run(const rules::ruleset& before, const rules::ruleset& after);

    void add(const rules::recorded_contact& contact);
    /// Without people nothing is simulated. What agents work on is as long as recorded, else as the mean of its kind,
    /// else four minutes.
    backtest_report finish(const std::vector<person>& people);

private:
    struct arrival {
        simulated_arrival before;
        simulated_arrival after;
        bool handling_known = false;
    };
    /// The articles of one side, and what they would have answered.
    struct side {
        explicit side(const rules::ruleset& of);
        void add(const rules::ruleset& of, const rules::given_situation& situation, const rules::decision& decided);

        std::unique_ptr<const understanding::sure_articles> articles;  ///< null where none are sent
        answered_contacts counts;
    };
    void assume_handlings();

    const rules::ruleset& before_;
    const rules::ruleset& after_;
    side articles_before_;
    side articles_after_;
    rules::backtest decisions_;
    std::vector<arrival> arrivals_;
};

std::string to_text(const backtest_report& report);
std::string to_json(const backtest_report& report);

}  // namespace kindred::runtime
