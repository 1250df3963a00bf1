#pragma once
#include "engine/conditions/text_sieve.hpp"
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
    class comparable {
    public:
        /// A single value that is known; then `only()` is its symbol.
        bool has_one() const { return what_ >= held::one; }
        symbol only() const { return symbol_; }
        bool has_number() const { return what_ == held::one_with_number; }
        double number() const { return number_; }
        /// The symbol of one value or of each of several.
        std::span<const symbol> symbols() const {
            if (has_one()) return {&symbol_, 1};
            return what_ == held::several ? std::span<const symbol>{several_, symbol_} : std::span<const symbol>{};
        }

    private:
        friend class fact_table;
        enum class held : std::uint8_t { not_looked_at, nothing, several, one, one_with_number };

        union {
            double number_ = 0;
            const symbol* several_;
        };
        symbol symbol_ = 0;  ///< or how many there are
        held what_ = held::not_looked_at;
    };
    const comparable& compared(fact_id fact) {
        auto& known = comparables_[index_of(fact)];
        if (known.what_ == comparable::held::not_looked_at) make_comparable(fact, known);
        return known;
    }

    /// compared() for many looks in a row: keeps at hand where the facts lie. Valid while its table lives.
    class lookup {
    public:
        explicit lookup(fact_table& facts) : facts_(facts), first_(facts.comparables_.data()) {}
        const comparable& operator[](fact_id fact) const {
            auto& known = first_[index_of(fact)];
            if (known.what_ == comparable::held::not_looked_at) [[unlikely]]
                facts_.make_comparable(fact, known);
            return known;
        }
        fact_table& facts() const { return facts_; }

    private:
        fact_table& facts_;
        comparable* first_;
    };

    const fact_reading& read(fact_id fact);
    bool known(fact_id fact) { return !std::holds_alternative<std::monostate>(read(fact).value); }
    /// Symbols of the value or of each element; empty when not known.
    std::span<const symbol> symbols(fact_id fact) { return compared(fact).symbols(); }
    /// A number as it is, milliseconds of a duration, time or date, the rank of an ordered choice; none otherwise.
    std::optional<double> number(fact_id fact) {
        const auto& known = compared(fact);
        return known.has_number() ? std::optional(known.number()) : std::nullopt;
    }
    /// Folded text of the value or of each element, runs of white space as one space; empty when not known.
    std::span<const std::string> folded(fact_id fact);
    /// One for each of folded(): most phrases need no look at the text.
    std::span<const text_sieve> sieves(fact_id fact);
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
        std::vector<text_sieve> sieves;  ///< filled with `folded`
        std::optional<std::vector<std::string>> composed;
    };
    struct slot {
        fact_reading reading;
        std::unique_ptr<texts> as_text;
        bool was_read = false;
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
