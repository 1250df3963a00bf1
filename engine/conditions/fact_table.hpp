#pragma once
#include "engine/conditions/vocabulary.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::conditions {

/// The facts of one decision: each read from its source at most once, folded and interned at most once, and remembered
/// so that the decision can say what it rested on. Lives no longer than catalog, vocabulary and source.
class fact_table {
public:
    fact_table(const fact_catalog& catalog, const vocabulary& words, const fact_source& source, time_point now);

    const fact_reading& read(fact_id fact);
    bool known(fact_id fact) { return !std::holds_alternative<std::monostate>(read(fact).value); }
    /// Symbols of the value or of each element; empty when not known.
    std::span<const symbol> symbols(fact_id fact);
    /// Folded text of the value or of each element; empty when not known.
    std::span<const std::string> folded(fact_id fact);
    /// The same in NFC, unfolded: what patterns look at.
    std::span<const std::string> composed(fact_id fact);

    /// Gives a fact that the decision itself works out: segments, stage.
    void give(fact_id fact, fact_reading reading);

    time_point now() const { return now_; }
    const fact_catalog& catalog() const { return catalog_; }
    /// The facts read so far, in the catalog's order.
    std::vector<fact_id> facts_read() const;

private:
    struct slot {
        fact_reading reading;
        bool was_read = false;
        bool has_symbols = false;
        bool has_folded = false;
        bool has_composed = false;
        symbol single = 0;
        std::vector<symbol> several;
        std::vector<std::string> folded;
        std::vector<std::string> composed;
    };
    slot& filled(fact_id fact);

    const fact_catalog& catalog_;
    const vocabulary& words_;
    const fact_source& source_;
    time_point now_;
    std::vector<slot> slots_;
};

}  // namespace kindred::conditions
