#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/conditions/fact_table.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace kindred::conditions {

/// Finds the first of many conditions that holds without looking at most of them: each is filed under the value that it
/// demands of one fact, the most telling one. Immutable; safe from every thread. The conditions must outlive it.
class condition_index {
public:
    condition_index(std::vector<const condition*> in_order, const fact_catalog& catalog);

    /// The place of the first condition that holds and that `accept` (taking its place) lets pass.
    template <class Accept>
    std::optional<std::size_t> first(fact_table& facts, Accept accept) const;

    /// How many conditions had to be filed without a value.
    std::size_t unfiled() const { return unfiled_.size(); }

private:
    using places = std::vector<std::uint32_t>;  ///< rising
    /// Walks several rising lists as one.
    class merged {
    public:
        void add(const places& list) {
            if (!list.empty()) ranges_.push_back({list.data(), list.data() + list.size()});
        }
        std::optional<std::uint32_t> next();

    private:
        struct range {
            const std::uint32_t* at;
            const std::uint32_t* end;
        };
        std::vector<range> ranges_;
    };
    /// One value that a condition demands of one fact: looked at before the condition itself, which is larger and
    /// further away in memory.
    struct demand {
        fact_id fact{};
        symbol value = 0;
    };
    struct filed_fact {
        fact_id fact{};
        std::vector<places> by_symbol;
    };

    merged candidates(fact_table& facts) const;
    bool meets_demands(std::uint32_t place, fact_table& facts) const;
    bool holds_at(std::uint32_t place, fact_table& facts) const;

    std::vector<const condition*> conditions_;
    std::vector<filed_fact> facts_;
    places unfiled_;
    std::vector<demand> demands_;              ///< of all conditions, in their order
    std::vector<std::uint32_t> first_demand_;  ///< of each condition in `demands_`, and the end of the last
};

template <class Accept>
std::optional<std::size_t> condition_index::first(fact_table& facts, Accept accept) const {
    merged places_to_try = candidates(facts);
    while (const auto place = places_to_try.next())
        if (holds_at(*place, facts) && accept(static_cast<std::size_t>(*place))) return *place;
    return std::nullopt;
}

}  // namespace kindred::conditions
