#include "engine/conditions/proof_parts.hpp"

#include <re2/re2.h>
#include <algorithm>
#include <limits>

namespace kindred::conditions::proving {
namespace {

formula statement(assumption said, bool negated = false) {
    formula made;
    made.what = formula::kind::statement;
    made.negated = negated;
    made.said = std::move(said);
    return made;
}

formula as_it_comes(fact_id fact, std::string about) {
    return statement({assumption::kind::is_so, fact, {}, std::move(about)});
}

/// Turns tests into formulas.
class translator {
public:
    translator(fact_id fact, const fact_catalog& catalog, const vocabulary& words)
        : fact_(fact), catalog_(catalog), words_(words) {}

    formula operator()(const is_one_of& wanted) const {
        if (catalog_[fact_].type != fact_type::text_list)
            return among(values_named(wanted, fact_, catalog_, words_), wanted.negated);
        formula any;
        any.what = formula::kind::any;
        any.negated = wanted.negated;
        for (const symbol each : wanted.symbols) any.parts.push_back(as_it_comes(fact_, "is " + std::to_string(each)));
        return any;
    }
    formula operator()(const is_one_number_of& wanted) const { return among(values_named(wanted), wanted.negated); }
    formula operator()(const is_within& wanted) const { return among(values_named(wanted), false); }
    formula operator()(const is_recent& wanted) const {
        constexpr auto ever = std::numeric_limits<double>::infinity();
        const auto span = static_cast<double>(wanted.span.count());
        const is_within ago = wanted.older ? is_within{span, ever, false, true} : is_within{0, span};
        return statement({assumption::kind::is_ago, fact_, {{}, {ago}}, {}});
    }
    formula operator()(const is_known& wanted) const {
        return statement({assumption::kind::is_known, fact_, {}, {}}, !wanted.known);
    }
    formula operator()(const has_words& wanted) const {
        formula any;
        any.what = formula::kind::any;
        for (const auto& each : wanted.phrases) any.parts.push_back(as_it_comes(fact_, "has " + each));
        return any;
    }
    formula operator()(const has_edge& wanted) const {
        return as_it_comes(fact_, (wanted.at_end ? "ends " : "starts ") + wanted.folded);
    }
    formula operator()(const has_pattern& wanted) const {
        return as_it_comes(fact_, "matches " + wanted.pattern->pattern());
    }

private:
    formula among(value_set values, bool negated) const {
        return statement({assumption::kind::is_among, fact_, std::move(values), {}}, negated);
    }

    fact_id fact_;
    const fact_catalog& catalog_;
    const vocabulary& words_;
};

/// The part that the formula comes down to when it has only one.
const formula* only_part(const formula& asked) { return asked.parts.size() == 1 ? &asked.parts.front() : nullptr; }

void collect_facts(const formula& asked, std::vector<fact_id>& into) {
    if (asked.what == formula::kind::statement) into.push_back(asked.said.fact);
    for (const auto& each : asked.parts) collect_facts(each, into);
}

/// The symbols that the formula demands of a fact, one of them; none where it does not.
void demanded(const formula& asked, bool wanted, fact_id fact, std::vector<symbol>& into, bool& demands) {
    const bool positive = wanted != asked.negated;
    if (asked.what == formula::kind::statement && positive && asked.said.fact == fact &&
        asked.said.what == assumption::kind::is_among && !asked.said.values.names.empty() && !demands) {
        into = asked.said.values.names;
        demands = true;
    }
    const bool together = asked.what == formula::kind::all && positive;
    if (together || only_part(asked) != nullptr)
        for (const auto& each : asked.parts) demanded(each, positive, fact, into, demands);
}

/// The test of a condition under whose values it is put on a shelf: of what always has to hold, on one value.
const fact_test* shelf_test(const condition& asked, const fact_catalog& catalog) {
    if (const auto* test = std::get_if<fact_test>(&asked.what)) {
        const auto* values = std::get_if<is_one_of>(&test->wanted);
        const auto type = catalog[test->fact].type;
        const bool by_name = type == fact_type::text || type == fact_type::choice || type == fact_type::yes_no;
        return values != nullptr && !values->negated && by_name ? test : nullptr;
    }
    const auto& group = std::get<condition_group>(asked.what);
    if (group.kind != group_kind::all) return nullptr;
    const fact_test* best = nullptr;
    for (const auto& each : group.members)
        if (const auto* test = shelf_test(each, catalog))
            if (best == nullptr || catalog[best->fact].type != fact_type::text) best = test;
    return best;
}

}  // namespace

formula formula_of(const condition& asked, const fact_catalog& catalog, const vocabulary& words) {
    if (const auto* test = std::get_if<fact_test>(&asked.what))
        return std::visit(translator(test->fact, catalog, words), test->wanted);
    const auto& group = std::get<condition_group>(asked.what);
    formula made;
    made.what = group.kind == group_kind::all ? formula::kind::all : formula::kind::any;
    made.negated = group.kind == group_kind::none;
    for (const auto& each : group.members) made.parts.push_back(formula_of(each, catalog, words));
    return made;
}

knowledge::fact_state::fact_state(const fact_definition& fact)
    : may_be_unknown(!fact.always_known), values(fact), ago({.name = {}, .type = fact_type::duration}) {}

answer knowledge::fact_state::judge(const assumption& said) const {
    if (!may_be_known) return answer::no;
    const auto among = [&](const possible_values& left) {
        if (left.none_in(said.values)) return answer::no;
        return !may_be_unknown && left.all_in(said.values) ? answer::yes : answer::open;
    };
    switch (said.what) {
        case assumption::kind::is_known: return may_be_unknown ? answer::open : answer::yes;
        case assumption::kind::is_among: return among(values);
        case assumption::kind::is_ago: return among(ago);
        case assumption::kind::is_so:
            for (const auto& [about, truth] : so)
                if (about == said.about) return truth ? answer::yes : answer::no;
            return unremarkable ? answer::no : answer::open;
    }
    return answer::open;
}

bool knowledge::fact_state::settle() {
    if (values.empty() || ago.empty()) may_be_known = false;
    return may_be_known || may_be_unknown;
}

bool knowledge::fact_state::assume(const assumption& said, bool truth) {
    if (truth) may_be_unknown = false;
    switch (said.what) {
        case assumption::kind::is_known:
            if (!truth) may_be_known = false;
            break;
        case assumption::kind::is_among: truth ? values.keep(said.values) : values.remove(said.values); break;
        case assumption::kind::is_ago: truth ? ago.keep(said.values) : ago.remove(said.values); break;
        case assumption::kind::is_so:
            for (const auto& [about, was] : so)
                if (about == said.about) return was == truth;
            so.emplace_back(said.about, truth);
            break;
    }
    return settle();
}

const knowledge::fact_state* knowledge::find(fact_id fact) const {
    for (const auto& [known, state] : facts_)
        if (known == fact) return &state;
    return nullptr;
}

answer knowledge::judge(const formula& asked, const fact_catalog& catalog) const {
    answer whole = answer::open;
    if (asked.what == formula::kind::statement) {
        const auto* known = find(asked.said.fact);
        whole = known != nullptr ? known->judge(asked.said) : judge_untouched(asked.said, catalog);
    } else {
        const auto decides = asked.what == formula::kind::all ? answer::no : answer::yes;
        whole = asked.what == formula::kind::all ? answer::yes : answer::no;
        for (const auto& each : asked.parts) {
            const auto part = judge(each, catalog);
            if (part == decides) {
                whole = decides;
                break;
            }
            if (part == answer::open) whole = answer::open;
        }
    }
    if (!asked.negated || whole == answer::open) return whole;
    return whole == answer::yes ? answer::no : answer::yes;
}

bool knowledge::assume(const assumption& said, bool truth, const fact_catalog& catalog) {
    for (auto& [known, state] : facts_)
        if (known == said.fact) return state.assume(said, truth);
    facts_.emplace_back(said.fact, untouched(said.fact, catalog));
    return facts_.back().second.assume(said, truth);
}

knowledge knowledge::of_nobody_remarkable_but_for(std::vector<fact_id> facts) {
    knowledge made;
    made.remarkable_ = std::move(facts);
    std::sort(made.remarkable_.begin(), made.remarkable_.end());
    made.others_are_unremarkable_ = true;
    return made;
}

bool knowledge::is_unremarkable(fact_id fact) const {
    return others_are_unremarkable_ && !std::binary_search(remarkable_.begin(), remarkable_.end(), fact);
}

knowledge::fact_state knowledge::untouched(fact_id fact, const fact_catalog& catalog) const {
    fact_state made(catalog[fact]);
    if (!is_unremarkable(fact)) return made;
    made.unremarkable = true;
    if (made.may_be_unknown)
        made.may_be_known = false;
    else
        made.values.keep_unnamed();
    return made;
}

answer knowledge::judge_untouched(const assumption& said, const fact_catalog& catalog) const {
    // The same as judging the untouched state, without making it where the answer is plain.
    const auto& fact = catalog[said.fact];
    const bool plain = is_unremarkable(said.fact);
    if (plain && !fact.always_known) return answer::no;
    const bool may_have_any = fact.type == fact_type::text || fact.type == fact_type::number ||
                              fact.type == fact_type::integer || fact.type == fact_type::duration;
    if (!plain && may_have_any && said.what == assumption::kind::is_among) return answer::open;
    return untouched(said.fact, catalog).judge(said);
}

bool splits(const formula& asked, bool wanted) {
    if (asked.what == formula::kind::statement || asked.parts.size() < 2) return false;
    const bool all_must = asked.what == formula::kind::all ? wanted != asked.negated : wanted == asked.negated;
    return !all_must;
}

std::size_t count_ways(const formula& asked, bool wanted, const knowledge& known, const fact_catalog& catalog) {
    if (!splits(asked, wanted)) return 1;
    std::size_t ways = 0;
    for (const auto& each : asked.parts) {
        const auto part = known.judge(each, catalog);
        if (part == answer::open || (part == answer::yes) == (wanted != asked.negated)) ++ways;
    }
    return ways;
}

bool take_apart(const formula& asked, bool wanted, knowledge& known, const fact_catalog& catalog,
                const std::function<void(const formula& part, bool wanted)>& hand_on) {
    const bool inside = wanted != asked.negated;
    if (asked.what == formula::kind::statement) return known.assume(asked.said, inside, catalog);
    // The empty `all` holds, the empty `any` does not.
    if (asked.parts.empty()) return inside == (asked.what == formula::kind::all);
    for (const auto& each : asked.parts) hand_on(each, inside);
    return true;
}

knowledge unremarkable(const formula& asked) {
    std::vector<fact_id> spoken_of;
    collect_facts(asked, spoken_of);
    return knowledge::of_nobody_remarkable_but_for(std::move(spoken_of));
}

void shelves::add(const condition& asked, std::size_t place, const fact_catalog& catalog) {
    const auto* test = shelf_test(asked, catalog);
    if (test == nullptr) return anywhere_.push_back(place);
    for (const symbol each : std::get<is_one_of>(test->wanted).symbols) by_fact_[test->fact][each].push_back(place);
}

std::vector<std::size_t> shelves::near(const formula& asked, std::size_t place, const fact_catalog& catalog) const {
    std::vector<std::size_t> found = anywhere_;
    std::vector<fact_id> spoken_of;
    collect_facts(asked, spoken_of);
    for (const auto& [fact, by_symbol] : by_fact_) {
        const bool mentioned = std::find(spoken_of.begin(), spoken_of.end(), fact) != spoken_of.end();
        const auto& definition = catalog[fact];
        const bool has_other_values = definition.type == fact_type::text || !definition.always_known;
        if (!mentioned && has_other_values) continue;  // it is unremarkable there
        std::vector<symbol> wanted;
        bool demands = false;
        demanded(asked, true, fact, wanted, demands);
        for (const auto& [value, places] : by_symbol)
            if (!demands || std::binary_search(wanted.begin(), wanted.end(), value))
                found.insert(found.end(), places.begin(), places.end());
    }
    std::erase_if(found, [&](std::size_t each) { return each >= place; });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace kindred::conditions::proving
