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

    /// A fact as matching compares it, small enough that many lie close together.
    struct comparable {
        double number = 0;  ///< as number() gives it
        symbol only = 0;    ///< of a single known value
        bool ready = false;
        bool one = false;
        bool numeric = false;

        bool has_one() const { return one; }
        bool has_number() const { return numeric; }
    };
    const comparable& compared(fact_id fact) {
        auto& known = comparables_[index_of(fact)];
        if (!known.ready) make_comparable(fact, known);
        return known;
    }

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
        bool was_read = false;
        bool has_symbols = false;
    };
    slot& filled(fact_id fact);
    texts& texts_of(slot& filled);
    symbol symbol_of(fact_id fact, std::string_view text) const;
    void make_comparable(fact_id fact, comparable& into);
    std::optional<double> number_of(fact_id fact, const fact_view& value) const;

    const fact_catalog& catalog_;
    const vocabulary& words_;
    const fact_source& source_;
    time_point now_;
    std::vector<slot> slots_;
    std::vector<comparable> comparables_;
};

}  // namespace kindred::conditions
