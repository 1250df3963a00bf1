#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/conditions/fact_table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace kindred::conditions {

/// Finds the first of many conditions that holds without looking at most of them: each is filed under the value that it
/// demands of one fact, the most telling one, and what else it asks lies flat in memory beside it. Immutable; safe from
/// every thread. The conditions must outlive it.
class condition_index {
public:
    condition_index(const std::vector<const condition*>& in_order, const fact_catalog& catalog);

    /// The place of the first condition that holds and that `accept` (taking its place) lets pass. `accept` may be
    /// asked about later places before earlier ones: its answer must depend on the place alone.
    template <class Accept>
    std::optional<std::size_t> first(fact_table& table, Accept accept) const;

    /// How many conditions had to be filed without a value.
    std::size_t unfiled() const { return unfiled_.size(); }

private:
    enum class check_kind : std::uint8_t { nothing, symbol, symbol_in_mask, range, symbol_in_set, tree };
    /// One thing asked of one fact. `operand` is a symbol, or a place in the table of its kind.
    struct check {
        std::uint16_t fact = 0;
        check_kind kind = check_kind::nothing;
        bool negated = false;
        std::uint32_t operand = 0;
    };
    /// Both ends included; open ends are moved to the next number.
    struct closed_range {
        double least;
        double most;
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
    static constexpr std::size_t most_readers = 48;
    static constexpr std::uint32_t first_stretch = 128;

    class builder;

    bool meets(const check& asked, const fact_table::lookup& facts) const;
    bool meets_otherwise(const check& asked, const fact_table::lookup& facts) const;
    bool meets_the_rest(std::uint32_t place, const fact_table::lookup& facts) const;
    /// Where a shelf is looked through.
    struct reader {
        const filed* at;
        const filed* end;
    };
    /// The first that the reader meets that holds and comes before `best`; `best` where there is none before `limit`.
    template <class Accept>
    std::uint32_t first_on(reader& from, std::uint32_t limit, std::uint32_t best, const fact_table::lookup& facts,
                           Accept& accept) const;

    std::vector<filed_fact> facts_;
    shelf unfiled_;
    std::vector<check> checks_;              ///< of all conditions in order, without the first of each
    std::vector<std::uint32_t> rest_begin_;  ///< of each condition in `checks_`, and the end of the last
    std::vector<std::uint64_t> masks_;
    std::vector<is_one_of> sets_;
    std::vector<closed_range> ranges_;
    std::vector<const condition*> trees_;
};

inline bool condition_index::meets(const check& asked, const fact_table::lookup& facts) const {
    if (asked.kind == check_kind::symbol) {
        const auto& value = facts[static_cast<fact_id>(asked.fact)];
        if (value.has_one()) [[likely]]
            return (value.only() == asked.operand) != asked.negated;
    } else if (asked.kind == check_kind::range) {
        const auto& value = facts[static_cast<fact_id>(asked.fact)];
        const auto& range = ranges_[asked.operand];
        return value.has_number() && value.number() >= range.least && value.number() <= range.most;
    } else if (asked.kind == check_kind::nothing) {
        return true;
    }
    return meets_otherwise(asked, facts);
}

inline bool condition_index::meets_the_rest(std::uint32_t place, const fact_table::lookup& facts) const {
    const auto* const end = checks_.data() + rest_begin_[place + 1];
    for (const auto* each = checks_.data() + rest_begin_[place]; each != end; ++each)
        if (!meets(*each, facts)) return false;
    return true;
}

template <class Accept>
std::uint32_t condition_index::first_on(reader& from, std::uint32_t limit, std::uint32_t best,
                                        const fact_table::lookup& facts, Accept& accept) const {
    limit = std::min(limit, best);
    for (; from.at != from.end && from.at->place < limit; ++from.at)
        if (meets(from.at->first, facts) && meets_the_rest(from.at->place, facts) &&
            accept(std::size_t{from.at->place}))
            return from.at->place;
    return best;
}

template <class Accept>
std::optional<std::size_t> condition_index::first(fact_table& table, Accept accept) const {
    const fact_table::lookup facts(table);
    std::array<reader, most_readers> readers;
    std::size_t count = 0;
    std::uint32_t best = none;
    const auto open = [&](const shelf& each) {
        reader fresh{each.data(), each.data() + each.size()};
        if (count < most_readers)
            readers[count++] = fresh;
        else
            best = first_on(fresh, none, best, facts, accept);
    };
    open(unfiled_);
    for (const auto& each : facts_)
        for (const symbol value : facts[each.fact].symbols())
            if (value < each.by_symbol.size() && !each.by_symbol[value].empty()) open(each.by_symbol[value]);
    // All shelves a stretch at a time: what is found early on one spares looking far into the others.
    for (std::uint32_t limit = first_stretch; count > 0; limit = limit < none / 4 ? limit * 4 : none) {
        for (std::size_t i = 0; i < count; ++i) best = first_on(readers[i], limit, best, facts, accept);
        if (best < limit || limit == none) break;
        for (std::size_t i = count; i-- > 0;)
            if (readers[i].at == readers[i].end) readers[i] = readers[--count];
    }
    return best == none ? std::nullopt : std::optional<std::size_t>(best);
}

}  // namespace kindred::conditions
