#pragma once
#include "dispatch/support/history.hpp"
#include "dispatch/support/oracle.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A random history under faults, from one number: commands come late, twice, in another order or not at all; commits
/// have an unknown outcome; the process restarts from what was durable; clocks jump; rules are reloaded.
namespace kindred::dispatch::testing {

/// How often each thing happened: a law about something that never happened proves nothing.
using tally = std::map<std::string, std::uint64_t, std::less<>>;

class faulty_run {
public:
    explicit faulty_run(std::uint64_t seed);

    /// Tells so many commands, looking at all laws after each. The first breach with what was told, or nothing.
    std::string go(int commands);
    const tally& counts() const { return counts_; }

private:
    struct late_command {
        std::uint64_t due;  ///< at this step
        command told;
    };
    /// What a store would have after a commit, and what the oracle knew then.
    struct committed {
        configure settings;
        std::string site;
        std::vector<std::string> agents;
        std::vector<std::string> tickets;
        oracle known;
        std::set<ticket_id> open;
        time_point latest;
        std::uint64_t hash = 0;
    };

    std::string step();
    std::string deliver(const command& told);
    std::string look_at(const command& told, const std::vector<event>& happened);
    std::string note(const event& happened);
    std::string maybe_restart();
    committed commit() const;
    /// A dispatcher made from what was committed; empty text where it is as it was.
    std::string load(const committed& from, dispatcher& into) const;
    std::string replay() const;
    void count(std::string_view what) {
        const auto known = counts_.find(what);
        if (known != counts_.end())
            ++known->second;
        else
            counts_.emplace(what, 1);
    }

    history history_;
    dice dice_;
    dispatcher site_;
    oracle oracle_;
    std::deque<late_command> late_;
    std::vector<std::pair<time_point, command>> journal_;  ///< since the last commit
    committed durable_;
    configure settings_;
    std::set<ticket_id> open_;
    std::map<offer_id, offer_made> offers_;     ///< open ones
    std::map<ticket_id, time_point> wrap_ups_;  ///< by when they end, of those that began or were extended since
    bool ticks_ = false;                        ///< what is told now is a tick
    std::set<std::pair<ticket_id, target>> missed_;
    tally counts_;
    std::uint64_t steps_ = 0;
    time_point latest_;
};

}  // namespace kindred::dispatch::testing
