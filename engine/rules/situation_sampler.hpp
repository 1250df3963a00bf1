#pragma once
#include "engine/rules/sampled_facts.hpp"

#include <cstdint>
#include <set>

namespace kindred::rules {

/// Makes situations up for which a ruleset's conditions hold, or nearly do not. The same ruleset and calls give the
/// same situations.
class situation_sampler {
public:
    /// `base` is the moment around which situations are set. `rules` must outlive this.
    situation_sampler(const compiled_rules& rules, time_point base);

    /// A situation that aims at this condition; another `variant` varies channels, alternatives, sides of boundaries
    /// and facts that the condition does not ask for. That the condition holds in it is likely, not promised.
    fact_assignment aim_at(const conditions::condition& wanted, std::uint64_t variant) const;

private:
    void satisfy(const conditions::condition& asked, bool wanted, std::uint64_t seed, int depth,
                 fact_assignment& into) const;
    void satisfy(const conditions::fact_test& test, bool wanted, std::uint64_t seed, int depth,
                 fact_assignment& into) const;
    void satisfy(const conditions::condition_group& group, bool wanted, std::uint64_t seed, int depth,
                 fact_assignment& into) const;
    bool aim_at_segment(const conditions::fact_test& test, bool wanted, std::uint64_t seed, int depth,
                        fact_assignment& into) const;
    bool aim_at_stage(const conditions::fact_test& test, bool wanted, std::uint64_t seed, int depth,
                      fact_assignment& into) const;
    void choose_moment(const conditions::fact_test& test, bool wanted, std::uint64_t seed, fact_assignment& into) const;
    void cross_a_boundary(const conditions::condition& wanted, std::uint64_t seed, fact_assignment& into) const;
    void add_background(std::uint64_t seed, fact_assignment& into) const;

    const compiled_rules& rules_;
    time_point base_;
    std::vector<time_point> moments_;
    std::vector<std::pair<std::string, std::vector<fact_value>>>
        background_;  ///< by fact: what some condition asks for
};

}  // namespace kindred::rules
