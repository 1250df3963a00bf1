#include "engine/conditions/operand_reader.hpp"

#include "engine/base/text.hpp"
#include "engine/conditions/folding.hpp"

#include <re2/re2.h>
#include <algorithm>

namespace kindred::conditions {
namespace {

using settings::field;
using enum operator_kind;

constexpr std::size_t longest_pattern = 1024;
constexpr std::int64_t pattern_memory = 1 << 20;

bool compares_symbols(fact_type type, operator_kind op) {
    const bool equality = op == is || op == is_not || op == in || op == not_in;
    const bool by_name = type == fact_type::text || type == fact_type::text_list || type == fact_type::choice ||
                         type == fact_type::ordered_choice || type == fact_type::yes_no;
    return equality && by_name;
}

/// The elements that an equality operator compares with.
std::vector<field> compared_values(operator_kind op, const field& value) {
    if (op == in || op == not_in) {
        auto elements = value.list(true);
        if (elements.empty() && value.is_list()) value.error("must name at least one value");
        return elements;
    }
    if (value.is_list()) {
        value.error(op == is ? "takes one value; use `in` for several" : "takes one value; use `not_in` for several");
        return {};
    }
    return {value};
}

/// "mon-fri" names several weekdays; every other name stands for itself.
std::vector<std::string> names_meant(const fact_definition& definition, const std::string& given) {
    if (definition.name == "time.weekday" && given.find('-') != std::string::npos)
        if (const auto days = parse_weekdays(given)) {
            std::vector<std::string> names;
            for (const int day : *days) names.push_back(definition.names[static_cast<std::size_t>(day)]);
            return names;
        }
    return {given};
}

std::optional<std::size_t> rank_of(const fact_definition& definition, const field& value, const std::string& name) {
    const auto& names = definition.names;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    std::string all;
    for (const auto& each : names) all += (all.empty() ? "" : ", ") + each;
    value.error("\"" + name + "\" is not one of " + (all.empty() ? "(none exist)" : all) +
                settings::suggestion(name, names));
    return std::nullopt;
}

bool intern_names(const operand_place& place, const field& value, std::vector<symbol>& symbols) {
    const auto& definition = place.context.catalog[place.fact];
    const auto given = value.text();
    if (!given) return false;
    bool good = true;
    for (const auto& name : names_meant(definition, *given)) {
        good = rank_of(definition, value, name).has_value() && good;
        if (good) symbols.push_back(place.context.words.intern(place.fact, name));
    }
    return good;
}

bool intern_value(const operand_place& place, const field& value, std::vector<symbol>& symbols) {
    const auto type = place.context.catalog[place.fact].type;
    if (type == fact_type::choice || type == fact_type::ordered_choice) return intern_names(place, value, symbols);
    if (type == fact_type::yes_no) {
        const auto truth = value.yes_no();
        if (truth) symbols.push_back(place.context.words.intern(place.fact, *truth ? "yes" : "no"));
        return truth.has_value();
    }
    const auto given = value.text();
    if (given) symbols.push_back(place.context.words.intern(place.fact, fold(*given)));
    return given.has_value();
}

std::optional<operand> read_symbols(const operand_place& place, const field& value) {
    is_one_of wanted;
    wanted.negated = place.op == is_not || place.op == not_in;
    bool good = true;
    for (const auto& each : compared_values(place.op, value)) good = intern_value(place, each, wanted.symbols) && good;
    if (!good || wanted.symbols.empty()) return std::nullopt;
    std::sort(wanted.symbols.begin(), wanted.symbols.end());
    wanted.symbols.erase(std::unique(wanted.symbols.begin(), wanted.symbols.end()), wanted.symbols.end());
    return wanted;
}

std::optional<time_point> read_moment(const operand_place& place, const field& value) {
    if (const auto* given = value.raw(); value.is_scalar())
        if (const auto date = parse_date(given->text)) return place.context.zone.instant_of(*date, 0);
    return value.time();
}

std::optional<double> read_date(const field& value) {
    const auto given = value.text();
    if (!given) return std::nullopt;
    const auto date = parse_date(*given);
    if (!date) {
        value.error("must be a date such as 2026-12-25, not \"" + *given + "\"");
        return std::nullopt;
    }
    return static_cast<double>(to_millis(time_point{std::chrono::sys_days{*date}}));
}

/// A constant as the number that the fact is compared by.
std::optional<double> read_number(const operand_place& place, const field& value) {
    const auto& definition = place.context.catalog[place.fact];
    switch (definition.type) {
        case fact_type::ordered_choice: {
            const auto name = value.text();
            const auto rank = name ? rank_of(definition, value, *name) : std::nullopt;
            return rank ? std::optional(static_cast<double>(*rank)) : std::nullopt;
        }
        case fact_type::duration: {
            const auto span = value.span(duration::min());
            return span ? std::optional(static_cast<double>(span->count())) : std::nullopt;
        }
        case fact_type::time: {
            const auto moment = read_moment(place, value);
            return moment ? std::optional(static_cast<double>(to_millis(*moment))) : std::nullopt;
        }
        case fact_type::date: return read_date(value);
        default: return value.number(-largest_number, largest_number);
    }
}

std::optional<operand> read_numbers(const operand_place& place, const field& value) {
    is_one_number_of wanted;
    wanted.negated = place.op == is_not || place.op == not_in;
    bool good = true;
    for (const auto& each : compared_values(place.op, value)) {
        const auto number = read_number(place, each);
        good = good && number;
        if (number) wanted.numbers.push_back(*number);
    }
    if (!good || wanted.numbers.empty()) return std::nullopt;
    std::sort(wanted.numbers.begin(), wanted.numbers.end());
    return wanted;
}

std::optional<operand> read_between(const operand_place& place, const field& value) {
    const auto ends = value.list();
    if (ends.size() != 2) {
        if (value.is_list()) value.error("must have two values, [low, high], not " + std::to_string(ends.size()));
        return std::nullopt;
    }
    const auto low = read_number(place, ends[0]);
    const auto high = read_number(place, ends[1]);
    if (!low || !high) return std::nullopt;
    if (*low > *high) {
        value.error("the first value must not be greater than the second");
        return std::nullopt;
    }
    return is_within{*low, *high};
}

std::optional<operand> read_bound(const operand_place& place, const field& value) {
    const auto number = read_number(place, value);
    if (!number) return std::nullopt;
    is_within wanted;
    const bool lower = place.op == above || place.op == at_least || place.op == after;
    (lower ? wanted.least : wanted.most) = *number;
    wanted.least_included = place.op != above && place.op != after;
    wanted.most_included = place.op != below && place.op != before;
    return wanted;
}

std::optional<operand> read_words(const operand_place& place, const field& value) {
    has_words wanted;
    if (place.op == contains && value.is_list()) {
        value.error("takes one text; use `contains_any` for several");
        return std::nullopt;
    }
    const auto phrases = place.op == contains ? std::vector<field>{value} : value.list(true);
    bool good = true;
    for (const auto& each : phrases) {
        const auto given = each.text_not_empty();
        good = good && given;
        if (given) wanted.phrases.push_back(fold_phrase(*given));
    }
    if (good && wanted.phrases.empty()) value.error("must name at least one text");
    return good && !wanted.phrases.empty() ? std::optional<operand>(wanted) : std::nullopt;
}

std::optional<operand> read_edge(const operand_place& place, const field& value) {
    const auto given = value.text_not_empty();
    if (!given) return std::nullopt;
    return has_edge{fold_phrase(*given), place.op == ends_with};
}

std::optional<operand> read_pattern(const field& value) {
    const auto given = value.text_not_empty();
    if (!given) return std::nullopt;
    if (given->size() > longest_pattern) {
        value.error("the pattern has " + std::to_string(given->size()) + " bytes, the most is " +
                    std::to_string(longest_pattern));
        return std::nullopt;
    }
    re2::RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(pattern_memory);
    auto pattern = std::make_shared<const re2::RE2>(compose(*given), options);
    if (pattern->ok()) return has_pattern{std::move(pattern)};
    const auto& about = pattern->error_arg();
    const bool looks_around = pattern->error_code() == re2::RE2::ErrorBadPerlOp;
    const bool refers_back = about.size() > 1 && about[0] == '\\' && about[1] >= '1' && about[1] <= '9';
    value.error("RE2 does not take this pattern: " + pattern->error() +
                (looks_around || refers_back ? "; it has no look-around and no back-references" : ""));
    return std::nullopt;
}

std::optional<operand> read_recent(const operand_place& place, const field& value) {
    const auto span = value.span();
    if (!span) return std::nullopt;
    return is_recent{*span, place.op == older_than};
}

}  // namespace

std::optional<operand> read_operand(const operand_place& place, const field& value) {
    const auto type = place.context.catalog[place.fact].type;
    if (compares_symbols(type, place.op)) return read_symbols(place, value);
    switch (place.op) {
        case is:
        case is_not:
        case in:
        case not_in: return read_numbers(place, value);
        case between: return read_between(place, value);
        case above:
        case at_least:
        case below:
        case at_most:
        case before:
        case after: return read_bound(place, value);
        case contains:
        case contains_any: return read_words(place, value);
        case starts_with:
        case ends_with: return read_edge(place, value);
        case matches: return read_pattern(value);
        case within:
        case older_than: return read_recent(place, value);
        case known: {
            const auto truth = value.yes_no();
            return truth ? std::optional<operand>(is_known{*truth}) : std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace kindred::conditions
