#include "engine/conditions/fact_table.hpp"

#include "engine/conditions/folding.hpp"

#include <algorithm>

namespace kindred::conditions {
namespace {

using text_list = std::span<const std::string>;

/// Each text of a reading, one or several, through `change`.
template <class Change>
std::vector<std::string> changed_texts(const fact_view& value, Change change) {
    std::vector<std::string> out;
    if (const auto* one = std::get_if<std::string_view>(&value)) {
        out.push_back(change(*one));
    } else if (const auto* several = std::get_if<text_list>(&value)) {
        out.reserve(several->size());
        for (const auto& each : *several) out.push_back(change(std::string_view(each)));
    }
    return out;
}

}  // namespace

fact_table::fact_table(const fact_catalog& catalog, const vocabulary& words, const fact_source& source, time_point now)
    : catalog_(catalog),
      words_(words),
      source_(source),
      now_(now),
      slots_(catalog.size()),
      comparables_(catalog.size()) {}

fact_table::slot& fact_table::filled(fact_id fact) {
    slot& wanted = slots_[index_of(fact)];
    if (!wanted.was_read) {
        wanted.reading = source_.read(fact);
        wanted.was_read = true;
    }
    return wanted;
}

fact_table::texts& fact_table::texts_of(slot& filled) {
    if (!filled.as_text) filled.as_text = std::make_unique<texts>();
    return *filled.as_text;
}

const fact_reading& fact_table::read(fact_id fact) { return filled(fact).reading; }

symbol fact_table::symbol_of(fact_id fact, std::string_view text) const {
    const auto type = catalog_[fact].type;
    const bool is_name = type == fact_type::choice || type == fact_type::ordered_choice;
    return is_name ? words_.find(fact, text) : words_.find(fact, fold(text));
}

void fact_table::make_comparable(fact_id fact, comparable& into) {
    slot& wanted = filled(fact);
    const auto& value = wanted.reading.value;
    into.what_ = comparable::held::nothing;
    if (std::holds_alternative<std::monostate>(value)) return;
    if (const auto* several = std::get_if<text_list>(&value)) {
        auto& symbols = texts_of(wanted).symbols;
        for (const auto& each : *several) symbols.push_back(symbol_of(fact, each));
        into.several_ = symbols.data();
        into.symbol_ = static_cast<symbol>(symbols.size());
        into.what_ = comparable::held::several;
        return;
    }
    into.what_ = comparable::held::one;
    // Folding a long text is worth it only where a condition compares it as a whole.
    if (words_.has(fact)) {
        if (const auto* text = std::get_if<std::string_view>(&value))
            into.symbol_ = symbol_of(fact, *text);
        else if (const auto* truth = std::get_if<bool>(&value))
            into.symbol_ = words_.find(fact, *truth ? "yes" : "no");
    }
    if (const auto number = number_of(fact, value)) {
        into.number_ = *number;
        into.what_ = comparable::held::one_with_number;
    }
}

std::optional<double> fact_table::number_of(fact_id fact, const fact_view& value) const {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* span = std::get_if<duration>(&value)) return static_cast<double>(span->count());
    if (const auto* moment = std::get_if<time_point>(&value)) return static_cast<double>(to_millis(*moment));
    if (const auto* name = std::get_if<std::string_view>(&value)) {
        const auto& names = catalog_[fact].names;
        const auto found = std::find(names.begin(), names.end(), *name);
        if (found != names.end()) return static_cast<double>(found - names.begin());
    }
    return std::nullopt;
}

std::span<const std::string> fact_table::folded(fact_id fact) {
    slot& wanted = filled(fact);
    auto& known = texts_of(wanted).folded;
    if (!known) known = changed_texts(wanted.reading.value, fold_phrase);
    return *known;
}

std::span<const text_sieve> fact_table::sieves(fact_id fact) {
    const auto texts = folded(fact);
    auto& known = texts_of(slots_[index_of(fact)]).sieves;
    if (known.empty())
        for (const auto& each : texts) known.emplace_back(each);
    return known;
}

std::span<const std::string> fact_table::composed(fact_id fact) {
    slot& wanted = filled(fact);
    auto& known = texts_of(wanted).composed;
    if (!known) known = changed_texts(wanted.reading.value, compose);
    return *known;
}

void fact_table::give(fact_id fact, fact_reading reading) {
    slot& wanted = slots_[index_of(fact)];
    wanted = slot{};
    wanted.reading = reading;
    wanted.was_read = true;
    comparables_[index_of(fact)] = comparable{};
}

std::vector<fact_id> fact_table::facts_read() const {
    std::vector<fact_id> read_facts;
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].was_read) read_facts.push_back(static_cast<fact_id>(i));
    return read_facts;
}

}  // namespace kindred::conditions
