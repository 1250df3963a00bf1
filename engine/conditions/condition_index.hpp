#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/conditions/fact_table.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace kindred::conditions {

/// Finds the first of many conditions that holds without looking at most of them: each is filed under the value that it
/// demands of one fact, the most telling one, and what else it asks lies flat in memory beside it. Immutable; safe from
/// every thread. The conditions must outlive it.
class condition_index {
public:
    condition_index(std::vector<const condition*> in_order, const fact_catalog& catalog);

    /// The place of the first condition that holds and that `accept` (taking its place) lets pass. `accept` may be
    /// asked about later places before earlier ones: its answer must depend on the place alone.
    template <class Accept>
    std::optional<std::size_t> first(fact_table& facts, Accept accept) const;

    /// How many conditions had to be filed without a value.
    std::size_t unfiled() const { return unfiled_.size(); }

private:
    enum class check_kind : std::uint8_t { nothing, symbol, symbol_in_mask, symbol_in_set, range, tree };
    /// One thing asked of one fact. `operand` is a symbol, or a place in the table of its kind.
    struct check {
        std::uint16_t fact = 0;
        check_kind kind = check_kind::nothing;
        bool negated = false;
        std::uint32_t operand = 0;
    };
    /// A condition as it is filed: with the first of its checks, which most often decides.
    struct filed {
        std::uint32_t place = 0;
        check first;
    };
    using shelf = std::vector<filed>;  ///< rising places
    struct filed_fact {
        fact_id fact{};
        std::vector<shelf> by_symbol;
    };
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    class builder;

    bool meets(const check& asked, fact_table& facts) const;
    bool meets_slowly(const check& asked, fact_table& facts) const;
    bool meets_the_rest(std::uint32_t place, fact_table& facts) const;
    /// The first on the shelf that holds and comes before `best`; `best` where there is none.
    template <class Accept>
    std::uint32_t first_on(const shelf& from, std::uint32_t best, fact_table& facts, Accept& accept) const;

    std::vector<filed_fact> facts_;
    shelf unfiled_;
    std::vector<check> checks_;              ///< of all conditions in order, without the first of each
    std::vector<std::uint32_t> rest_begin_;  ///< of each condition in `checks_`, and the end of the last
    std::vector<std::uint64_t> masks_;
    std::vector<is_one_of> sets_;
    std::vector<is_within> ranges_;
    std::vector<const condition*> trees_;
};

inline bool condition_index::meets(const check& asked, fact_table& facts) const {
    if (asked.kind == check_kind::nothing) return true;
    if (asked.kind == check_kind::tree) return meets_slowly(asked, facts);
    const auto& value = facts.compared(static_cast<fact_id>(asked.fact));
    switch (asked.kind) {
        case check_kind::symbol:
            if (value.has_one()) return (value.only == asked.operand) != asked.negated;
            break;
        case check_kind::symbol_in_mask:
            if (value.has_one())
                return (value.only < 64 && (masks_[asked.operand] >> value.only & 1U) != 0) != asked.negated;
            break;
        case check_kind::range: {
            const auto& range = ranges_[asked.operand];
            return value.has_number() &&
                   (range.least_included ? value.number >= range.least : value.number > range.least) &&
                   (range.most_included ? value.number <= range.most : value.number < range.most);
        }
        default: break;
    }
    return meets_slowly(asked, facts);
}

inline bool condition_index::meets_the_rest(std::uint32_t place, fact_table& facts) const {
    for (auto i = rest_begin_[place]; i < rest_begin_[place + 1]; ++i)
        if (!meets(checks_[i], facts)) return false;
    return true;
}

template <class Accept>
std::uint32_t condition_index::first_on(const shelf& from, std::uint32_t best, fact_table& facts,
                                        Accept& accept) const {
    for (const auto& each : from) {
        if (each.place >= best) return best;
        if (meets(each.first, facts) && meets_the_rest(each.place, facts) && accept(std::size_t{each.place}))
            return each.place;
    }
    return best;
}

template <class Accept>
std::optional<std::size_t> condition_index::first(fact_table& facts, Accept accept) const {
    std::uint32_t best = none;
    for (const auto& each : facts_)
        for (const symbol value : facts.symbols(each.fact))
            if (value < each.by_symbol.size()) best = first_on(each.by_symbol[value], best, facts, accept);
    best = first_on(unfiled_, best, facts, accept);
    return best == none ? std::nullopt : std::optional<std::size_t>(best);
}

}  // namespace kindred::conditions
