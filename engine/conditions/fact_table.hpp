#pragma once
#include "engine/conditions/vocabulary.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::conditions {

/// The facts of one decision: each read from its source at most once, folded and interned at most once, and remembered
/// so that the decision can say what it rested on. Lives no longer than catalog, vocabulary and source. Not
/// thread-safe.
class fact_table {
public:
    fact_table(const fact_catalog& catalog, const vocabulary& words, const fact_source& source, time_point now);

    const fact_reading& read(fact_id fact);
    bool known(fact_id fact) { return !std::holds_alternative<std::monostate>(read(fact).value); }
    /// Symbols of the value or of each element; empty when not known.
    std::span<const symbol> symbols(fact_id fact);
    /// A number as it is, milliseconds of a duration, time or date, the rank of an ordered choice; none otherwise.
    std::optional<double> number(fact_id fact);
    /// Folded text of the value or of each element, runs of white space as one space; empty when not known.
    std::span<const std::string> folded(fact_id fact);
    /// The same in NFC, unfolded: what patterns look at.
    std::span<const std::string> composed(fact_id fact);

    /// Gives a fact that the decision itself works out: segments, stage. What the reading points to must outlive this.
    void give(fact_id fact, fact_reading reading);

    time_point now() const { return now_; }
    const fact_catalog& catalog() const { return catalog_; }
    /// The facts read or given so far, in the catalog's order.
    std::vector<fact_id> facts_read() const;

private:
    /// What only facts of text need: kept apart so that a slot stays small.
    struct texts {
        std::vector<symbol> symbols;
        std::optional<std::vector<std::string>> folded;
        std::optional<std::vector<std::string>> composed;
    };
    struct slot {
        fact_reading reading;
        std::unique_ptr<texts> as_text;
        symbol single = 0;
        bool was_read = false;
        bool has_symbols = false;
    };
    slot& filled(fact_id fact);
    texts& texts_of(slot& filled);
    symbol symbol_of(fact_id fact, std::string_view text) const;

    const fact_catalog& catalog_;
    const vocabulary& words_;
    const fact_source& source_;
    time_point now_;
    std::vector<slot> slots_;
};

}  // namespace kindred::conditions
