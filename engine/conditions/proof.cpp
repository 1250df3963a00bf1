#include "engine/conditions/proof.hpp"

#include "engine/conditions/possible_values.hpp"
#include "engine/conditions/proof_parts.hpp"

#include <algorithm>
#include <set>

namespace kindred::conditions {
namespace {

using proving::answer;
using proving::assumption;
using proving::formula;
using proving::knowledge;

/// Something that must come out so for a contact to be one that nobody before takes.
struct obligation {
    const formula* asked;
    bool wanted;
    std::size_t owner;
};
constexpr std::size_t nobody = static_cast<std::size_t>(-1);

/// Searches for a contact that meets all obligations by trying every way in which each could be met.
class search {
public:
    search(const fact_catalog& catalog, effort& work) : catalog_(catalog), work_(work) {}

    /// Whether no contact meets them all; then `used()` are the owners of those that it took to show it.
    bool refutes(const knowledge& given, std::vector<obligation> all) {
        return !may_hold(given, std::move(all)) && !gave_up_;
    }
    std::vector<std::size_t> used() const { return {used_.begin(), used_.end()}; }

private:
    void note(const obligation& each) {
        if (each.owner != nobody) used_.insert(each.owner);
    }

    /// Takes out what holds already; false when one cannot hold any more. `tightest` becomes the place of the one that
    /// has the fewest ways left.
    bool settle(const knowledge& known, std::vector<obligation>& open, std::size_t& tightest) {
        std::size_t fewest = nobody;
        tightest = 0;
        for (std::size_t i = 0; i < open.size();) {
            if (work_.left == 0) {
                gave_up_ = true;
                return false;
            }
            --work_.left;
            const auto now = known.judge(*open[i].asked, catalog_);
            if (now != answer::open && (now == answer::yes) == open[i].wanted) {
                open[i] = open.back();
                open.pop_back();
                continue;
            }
            if (now != answer::open) {
                note(open[i]);
                return false;
            }
            const auto ways = proving::count_ways(*open[i].asked, open[i].wanted, known, catalog_);
            if (ways < fewest) {
                fewest = ways;
                tightest = i;
            }
            ++i;
        }
        return true;
    }

    bool may_hold(knowledge known, std::vector<obligation> open) {
        std::size_t tightest = 0;
        while (true) {
            if (!settle(known, open, tightest)) return gave_up_;
            if (open.empty()) return true;
            const auto next = open[tightest];
            open[tightest] = open.back();
            open.pop_back();
            note(next);
            if (!proving::splits(*next.asked, next.wanted)) {
                if (!proving::take_apart(*next.asked, next.wanted, known, catalog_,
                                         [&](const formula& part, bool wanted) {
                                             open.push_back({&part, wanted, next.owner});
                                         }))
                    return false;
                continue;
            }
            return any_way_holds(known, open, next);
        }
    }

    bool any_way_holds(const knowledge& known, const std::vector<obligation>& open, const obligation& next) {
        for (const auto& part : next.asked->parts) {
            auto with_part = open;
            with_part.push_back({&part, next.wanted != next.asked->negated, next.owner});
            if (may_hold(known, std::move(with_part))) return true;
            if (gave_up_) return true;
        }
        return false;
    }

    const fact_catalog& catalog_;
    effort& work_;
    std::set<std::size_t> used_;
    bool gave_up_ = false;
};

}  // namespace

struct prover::state {
    state(const fact_catalog& facts, const vocabulary& symbols) : catalog(facts), words(symbols) {}

    const fact_catalog& catalog;
    const vocabulary& words;
    std::vector<formula> all;
    std::vector<bool> counts;
    proving::shelves shelved;
};

prover::prover(const fact_catalog& catalog, const vocabulary& words)
    : state_(std::make_unique<state>(catalog, words)) {}
prover::~prover() = default;
prover::prover(prover&&) noexcept = default;
prover& prover::operator=(prover&&) noexcept = default;

std::size_t prover::add(const condition& asked, bool counts) {
    const auto place = state_->all.size();
    state_->all.push_back(proving::formula_of(asked, state_->catalog, state_->words));
    state_->counts.push_back(counts);
    if (counts) state_->shelved.add(asked, place, state_->catalog);
    return place;
}

bool prover::is_impossible(std::size_t place, effort& work) const {
    return search(state_->catalog, work).refutes({}, {{&state_->all[place], true, nobody}});
}

bool prover::is_impossible(const condition& asked, effort& work) const {
    const auto wanted = proving::formula_of(asked, state_->catalog, state_->words);
    return search(state_->catalog, work).refutes({}, {{&wanted, true, nobody}});
}

std::optional<std::vector<std::size_t>> prover::covering(std::size_t place, effort& work) const {
    const auto& asked = state_->all[place];
    const auto refuted_by = [&](const knowledge& given,
                                const std::vector<std::size_t>& others) -> std::optional<std::vector<std::size_t>> {
        std::vector<obligation> all{{&asked, true, nobody}};
        for (const auto other : others) all.push_back({&state_->all[other], false, other});
        search looking(state_->catalog, work);
        return looking.refutes(given, std::move(all)) ? std::optional(looking.used()) : std::nullopt;
    };
    // Most often somebody whose facts are as unremarkable as can be gets past all the others, and only those on the
    // shelves of what is asked here have to be looked at.
    const auto plain = proving::unremarkable(asked);
    if (!refuted_by(plain, state_->shelved.near(asked, place, state_->catalog))) return std::nullopt;
    std::vector<std::size_t> earlier;
    for (std::size_t i = 0; i < place; ++i)
        if (state_->counts[i]) earlier.push_back(i);
    auto needed = refuted_by({}, earlier);
    if (!needed) return std::nullopt;
    for (const auto one : *needed)
        if (refuted_by({}, {one})) return std::vector{one};
    for (std::size_t i = needed->size(); i-- > 0;) {
        auto fewer = *needed;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (refuted_by({}, fewer)) needed = std::move(fewer);
    }
    return needed;
}

}  // namespace kindred::conditions
