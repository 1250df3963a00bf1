#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/settings/reader.hpp"

#include <string>
#include <vector>

namespace kindred::rules {

/// What rule tests may ask of a decision: every fact, and `route queue priority script articles` as facts of their own.
/// Holds copies of the ruleset's catalog and vocabulary, so that asking for more facts leaves the ruleset as it is.
class expectation_language {
public:
    explicit expectation_language(const ruleset& rules);

    /// One condition per entry of an `expect` mapping.
    std::vector<conditions::condition> parse(const settings::field& expect);
    /// Call when all are parsed.
    void finish() { readers_ = readers_for(catalog_); }
    /// "expected route: vip calls; it is "fallback"" for each that does not hold.
    std::vector<std::string> differences(const std::vector<conditions::condition>& expected,
                                         const decision_input& input, const decision& made) const;

private:
    void give_outcome(conditions::fact_table& facts, const decision& made,
                      const std::vector<std::string>& articles) const;

    const ruleset& rules_;
    conditions::fact_catalog catalog_;
    conditions::vocabulary words_;
    fact_readers readers_;
    std::uint32_t next_number_ = 0;
};

}  // namespace kindred::rules
