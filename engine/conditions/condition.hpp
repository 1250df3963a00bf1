#pragma once
#include "engine/conditions/fact.hpp"
#include "engine/settings/diagnostic.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace re2 {
class RE2;
}

/// Conditions as closed types. Constants are interned when a ruleset is loaded, so that a test compares numbers.
namespace kindred::conditions {

/// A constant of a fact within its vocabulary; 0 is every value that no condition names.
using symbol = std::uint32_t;

/// The value is one of these. `symbols` is sorted; a list fact satisfies it with one element.
struct is_one_of {
    std::vector<symbol> symbols;
    bool negated = false;  ///< then no element may be, and an unknown value holds
};
/// A number, milliseconds of a duration, time or date, or the rank of an ordered choice, within bounds.
struct is_within {
    double least = -std::numeric_limits<double>::infinity();
    double most = std::numeric_limits<double>::infinity();
    bool least_included = true;
    bool most_included = true;
};
/// One of these numbers.
struct is_one_number_of {
    std::vector<double> numbers;  ///< sorted
    bool negated = false;         ///< then none of them, and an unknown value holds
};
/// How a time lies to the moment of the decision: no longer ago than `span` and not in the future, or longer ago.
struct is_recent {
    duration span;
    bool older = false;
};
struct is_known {
    bool known = true;
};
/// A whole word or phrase of these occurs; folded.
struct has_words {
    std::vector<std::string> phrases;
};
struct has_edge {
    std::string folded;
    bool at_end = false;
};
struct has_pattern {
    std::shared_ptr<const re2::RE2> pattern;
};

using operand =
    std::variant<is_one_of, is_within, is_one_number_of, is_recent, is_known, has_words, has_edge, has_pattern>;

struct condition;

/// One operator on one fact.
struct fact_test {
    fact_id fact{};
    operand wanted;
    std::string as_written;  ///< "customer.orders: { at_least: 1 }"
    settings::position at;
};

enum class group_kind { all = 1, any, none };

struct condition_group {
    group_kind kind = group_kind::all;
    std::vector<condition> members;
    settings::position at;
};

/// What `when` says. The empty `all` always holds.
struct condition {
    std::variant<fact_test, condition_group> what;
    std::uint32_t number = 0;  ///< of this test or group within its ruleset, for coverage
};

/// Whether nothing is asked at all.
bool always_holds(const condition& asked);

}  // namespace kindred::conditions
