#include "engine/conditions/condition_index.hpp"

#include "engine/conditions/evaluate.hpp"

#include <cmath>
#include <limits>
#include <map>

namespace kindred::conditions {
namespace {

const std::vector<symbol>& symbols_of(const fact_test& test) { return std::get<is_one_of>(test.wanted).symbols; }

/// What must hold for the whole to hold: the condition itself, or the members of its `all`.
void collect_conjuncts(const condition& asked, std::vector<const condition*>& into) {
    const auto* group = std::get_if<condition_group>(&asked.what);
    if (group == nullptr || group->kind != group_kind::all) {
        into.push_back(&asked);
        return;
    }
    for (const auto& each : group->members) collect_conjuncts(each, into);
}

/// The test, where it says which values a fact must have and reading the fact costs little.
const fact_test* demand_in(const condition& conjunct, const fact_catalog& catalog) {
    const auto* test = std::get_if<fact_test>(&conjunct.what);
    const auto* values = test == nullptr ? nullptr : std::get_if<is_one_of>(&test->wanted);
    return values != nullptr && !values->negated && !catalog[test->fact].costly ? test : nullptr;
}

}  // namespace

/// Works out where each condition is filed and lays out what remains to be asked.
class condition_index::builder {
public:
    builder(const std::vector<const condition*>& in_order, const fact_catalog& catalog, condition_index& into)
        : catalog_(catalog), into_(into), conjuncts_(in_order.size()) {
        for (std::size_t i = 0; i < in_order.size(); ++i) {
            collect_conjuncts(*in_order[i], conjuncts_[i]);
            for (const auto* each : conjuncts_[i])
                if (const auto* demand = demand_in(*each, catalog_))
                    for (const symbol value : symbols_of(*demand)) ++how_common_[{demand->fact, value}];
        }
    }

    void build() {
        for (std::size_t i = 0; i < conjuncts_.size(); ++i) file(i);
        into_.rest_begin_.push_back(static_cast<std::uint32_t>(into_.checks_.size()));
        for (auto& [fact, by_symbol] : shelves_) into_.facts_.push_back({fact, std::move(by_symbol)});
    }

private:
    void file(std::size_t place) {
        const auto* best = most_telling(conjuncts_[place]);
        std::vector<check> checks;
        for (const auto* each : conjuncts_[place])
            if (best == nullptr || std::get_if<fact_test>(&each->what) != best) checks.push_back(check_of(*each));
        std::stable_sort(checks.begin(), checks.end(),
                         [&](const check& left, const check& right) { return cost_of(left) < cost_of(right); });
        const filed entry{static_cast<std::uint32_t>(place), checks.empty() ? check{} : checks.front()};
        into_.rest_begin_.push_back(static_cast<std::uint32_t>(into_.checks_.size()));
        if (!checks.empty()) into_.checks_.insert(into_.checks_.end(), checks.begin() + 1, checks.end());
        if (best == nullptr) {
            into_.unfiled_.push_back(entry);
            return;
        }
        auto& by_symbol = shelves_[best->fact];
        for (const symbol value : symbols_of(*best)) {
            if (by_symbol.size() <= value) by_symbol.resize(value + 1);
            by_symbol[value].push_back(entry);
        }
    }

    /// The demand that the fewest conditions share.
    const fact_test* most_telling(const std::vector<const condition*>& conjuncts) {
        const fact_test* best = nullptr;
        std::size_t least = 0;
        for (const auto* each : conjuncts) {
            const auto* demand = demand_in(*each, catalog_);
            if (demand == nullptr) continue;
            std::size_t total = 0;
            for (const symbol value : symbols_of(*demand)) total += how_common_[{demand->fact, value}];
            if (best == nullptr || total < least) {
                best = demand;
                least = total;
            }
        }
        return best;
    }

    check check_of(const condition& asked) {
        const auto* test = std::get_if<fact_test>(&asked.what);
        if (test == nullptr) return tree(asked);
        const auto fact = static_cast<std::uint16_t>(index_of(test->fact));
        if (const auto* range = std::get_if<is_within>(&test->wanted))
            return {fact, check_kind::range, false, add(into_.ranges_, closed(*range))};
        const auto* names = std::get_if<is_one_of>(&test->wanted);
        if (names == nullptr) return tree(asked);
        if (names->symbols.size() == 1) return {fact, check_kind::symbol, names->negated, names->symbols.front()};
        if (names->symbols.back() >= 64)
            return {fact, check_kind::symbol_in_set, names->negated, add(into_.sets_, *names)};
        std::uint64_t mask = 0;
        for (const symbol each : names->symbols) mask |= std::uint64_t{1} << each;
        return {fact, check_kind::symbol_in_mask, names->negated, add(into_.masks_, mask)};
    }

    static closed_range closed(const is_within& range) {
        constexpr auto everything = std::numeric_limits<double>::infinity();
        return {range.least_included ? range.least : std::nextafter(range.least, everything),
                range.most_included ? range.most : std::nextafter(range.most, -everything)};
    }

    check tree(const condition& asked) { return {0, check_kind::tree, false, add(into_.trees_, &asked)}; }

    /// What is cheap to ask and often fails goes first; what is dear to read last.
    int cost_of(const check& asked) const {
        if (asked.kind == check_kind::tree) return 20;
        const int dear = catalog_[static_cast<fact_id>(asked.fact)].costly ? 10 : 0;
        return dear + (asked.negated ? 5 : static_cast<int>(asked.kind));
    }

    template <class Value>
    static std::uint32_t add(std::vector<Value>& table, const Value& value) {
        table.push_back(value);
        return static_cast<std::uint32_t>(table.size() - 1);
    }

    const fact_catalog& catalog_;
    condition_index& into_;
    std::vector<std::vector<const condition*>> conjuncts_;
    std::map<std::pair<fact_id, symbol>, std::size_t> how_common_;
    std::map<fact_id, std::vector<shelf>> shelves_;
};

condition_index::condition_index(const std::vector<const condition*>& in_order, const fact_catalog& catalog) {
    builder(in_order, catalog, *this).build();
}

bool condition_index::meets_otherwise(const check& asked, const fact_table::lookup& facts) const {
    if (asked.kind == check_kind::tree) return holds(*trees_[asked.operand], facts.facts());
    const auto values = facts[static_cast<fact_id>(asked.fact)].symbols();
    const auto among = [&](auto is_wanted) {
        return std::any_of(values.begin(), values.end(), is_wanted) != asked.negated;
    };
    if (asked.kind == check_kind::symbol) return among([&](symbol each) { return each == asked.operand; });
    if (asked.kind == check_kind::symbol_in_mask)
        return among([&](symbol each) { return each < 64 && (masks_[asked.operand] >> each & 1U) != 0; });
    const auto& wanted = sets_[asked.operand].symbols;
    return among([&](symbol each) { return std::binary_search(wanted.begin(), wanted.end(), each); });
}

}  // namespace kindred::conditions
