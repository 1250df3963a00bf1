#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/conditions/vocabulary.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace kindred::conditions {

/// How much looking for a proof may cost, counted in looks at a condition, so that the answer is the same on every
/// machine.
struct effort {
    std::size_t left = 0;
};

/// Proves what conditions on the same facts rule out together: by trying every way in which each could fail, with the
/// values that each fact may still have. What tests of words and patterns say about a text is taken as it comes, so
/// that something possible is never called impossible.
class prover {
public:
    /// Catalog and words must outlive the prover, as must every condition that is added.
    prover(const fact_catalog& catalog, const vocabulary& words);
    ~prover();
    prover(prover&&) noexcept;
    prover& operator=(prover&&) noexcept;

    /// The place of a condition, counted from 0. One that `counts` not is never among those that cover.
    std::size_t add(const condition& asked, bool counts = true);

    /// Whether no contact can meet the condition at all. False where the effort did not suffice.
    bool is_impossible(std::size_t place, effort& work) const;
    bool is_impossible(const condition& asked, effort& work) const;

    /// The earlier conditions one of which holds wherever the one at `place` does: as few as were found, rising.
    /// Nothing where some contact may meet it alone, or where the effort did not suffice.
    std::optional<std::vector<std::size_t>> covering(std::size_t place, effort& work) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace kindred::conditions
