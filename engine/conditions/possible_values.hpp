#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/conditions/vocabulary.hpp"

#include <cstddef>
#include <vector>

namespace kindred::conditions {

/// Values of one fact that a condition speaks of: symbols of names and texts, or ranges of whatever has an order.
struct value_set {
    std::vector<symbol> names;      ///< sorted
    std::vector<is_within> ranges;  ///< apart from each other
};

/// The known values that a fact may still have while something is proved about it. Every operation may leave too much,
/// never too little.
class possible_values {
public:
    /// All values that the fact's type has.
    explicit possible_values(const fact_definition& fact);

    bool empty() const;
    void keep(const value_set& only);
    void remove(const value_set& gone);
    /// Whether every value is among these, and whether none is.
    bool all_in(const value_set& others) const;
    bool none_in(const value_set& others) const;
    /// Leaves only names that no condition speaks of. Has no effect on what has an order or a closed set of names.
    void keep_unnamed();

private:
    bool has_order_ = false;
    bool whole_ = false;                ///< whole numbers: between 2 and 3 there is nothing
    std::size_t names_that_exist_ = 0;  ///< of a choice; 0: any text
    bool all_but_ = true;               ///< `names_` are those that it is not
    bool unnamed_ = false;              ///< only a name outside every condition is left
    std::vector<symbol> names_;
    std::vector<is_within> ranges_;
};

/// The values that a test of this fact names, as possible_values counts them. Ordered choices are counted by rank.
value_set values_named(const is_one_of& wanted, fact_id fact, const fact_catalog& catalog, const vocabulary& words);
value_set values_named(const is_one_number_of& wanted);
value_set values_named(const is_within& wanted);

}  // namespace kindred::conditions
