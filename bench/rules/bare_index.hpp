#pragma once
#include "bench/rules/generated_rules.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

/// The bucket index of reference/ceilings.md F1 by itself: interned values, predicates of 16 bytes, each rule in the
/// buckets of its most selective equality or tag, buckets in order, stopping at the best found. No names, no unknown
/// values, nothing to explain: what matching costs at least.
namespace kindred::rules::generated {

struct bare_contact {
    std::array<std::int32_t, text_sizes.size()> texts{};
    std::array<std::uint32_t, tag_lists> tags{};
    std::array<float, numbers> amounts{};
};

inline bare_contact bare(const contact_values& from) {
    bare_contact made;
    for (std::size_t i = 0; i < text_sizes.size(); ++i) made.texts[i] = from.texts[i];
    for (std::size_t i = 0; i < tag_lists; ++i)
        for (const int each : from.tags[i]) made.tags[i] |= 1U << static_cast<unsigned>(each);
    for (std::size_t i = 0; i < numbers; ++i) made.amounts[i] = static_cast<float>(from.amounts[i]);
    return made;
}

class bare_index {
public:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    explicit bare_index(const std::vector<route>& routes) {
        std::map<std::pair<int, int>, std::size_t> how_common;
        for (const auto& each : routes)
            for (const auto& asked : each)
                for (const int value : asked.values) ++how_common[{slot_of(asked), value}];
        buckets_.resize(text_sizes.size() + tag_lists);
        for (std::size_t i = 0; i < routes.size(); ++i) file(routes[i], static_cast<std::uint32_t>(i), how_common);
        begins_.push_back(static_cast<std::uint32_t>(predicates_.size()));
    }

    /// The first rule that holds; with `all` every candidate is looked at, as where none holds.
    std::uint32_t first(const bare_contact& contact, bool all = false) const {
        std::uint32_t best = none;
        for (std::size_t i = 0; i < text_sizes.size(); ++i) {
            const auto value = static_cast<std::size_t>(contact.texts[i]);
            if (value < buckets_[i].size()) best = look(buckets_[i][value], contact, best, all);
        }
        for (std::size_t i = 0; i < tag_lists; ++i)
            for (std::uint32_t left = contact.tags[i]; left != 0; left &= left - 1) {
                const auto& by_tag = buckets_[text_sizes.size() + i];
                const auto value = static_cast<std::size_t>(std::countr_zero(left));
                if (value < by_tag.size()) best = look(by_tag[value], contact, best, all);
            }
        return look(unfiled_, contact, best, all);
    }

private:
    struct flat {
        std::uint16_t attribute;
        std::uint16_t what;
        std::uint32_t value;  ///< a value, a tag's bit, or where a set begins
        float least;          ///< or how many are in the set
        float most;
    };
    static_assert(sizeof(flat) == 16);
    using bucket = std::vector<std::uint32_t>;

    static int slot_of(const predicate& asked) {
        return asked.what == kind::has_tag ? static_cast<int>(text_sizes.size()) + asked.attribute : asked.attribute;
    }

    void file(const route& rule, std::uint32_t place, std::map<std::pair<int, int>, std::size_t>& how_common) {
        const predicate* best = nullptr;
        std::size_t least = 0;
        for (const auto& each : rule) {
            if (each.what == kind::range) continue;
            std::size_t total = 0;
            for (const int value : each.values) total += how_common[{slot_of(each), value}];
            if (best == nullptr || total < least) {
                best = &each;
                least = total;
            }
        }
        begins_.push_back(static_cast<std::uint32_t>(predicates_.size()));
        for (const auto what : {kind::equal, kind::has_tag, kind::one_of, kind::range})
            for (const auto& each : rule)
                if (each.what == what && &each != best) predicates_.push_back(flattened(each));
        if (best == nullptr) return unfiled_.push_back(place);
        auto& by_value = buckets_[static_cast<std::size_t>(slot_of(*best))];
        for (const int value : best->values) {
            const auto at = static_cast<std::size_t>(value);
            if (by_value.size() <= at) by_value.resize(at + 1);
            if (by_value[at].empty() || by_value[at].back() != place) by_value[at].push_back(place);
        }
    }

    flat flattened(const predicate& asked) {
        flat made{static_cast<std::uint16_t>(asked.attribute), static_cast<std::uint16_t>(asked.what), 0,
                  static_cast<float>(asked.least), static_cast<float>(asked.most)};
        if (asked.what == kind::equal) made.value = static_cast<std::uint32_t>(asked.values.front());
        if (asked.what == kind::has_tag) made.value = 1U << static_cast<unsigned>(asked.values.front());
        if (asked.what == kind::one_of) {
            made.value = static_cast<std::uint32_t>(sets_.size());
            made.least = static_cast<float>(asked.values.size());
            sets_.insert(sets_.end(), asked.values.begin(), asked.values.end());
        }
        return made;
    }

    bool holds(const flat& asked, const bare_contact& contact) const {
        switch (static_cast<kind>(asked.what)) {
            case kind::equal: return contact.texts[asked.attribute] == static_cast<std::int32_t>(asked.value);
            case kind::has_tag: return (contact.tags[asked.attribute] & asked.value) != 0;
            case kind::one_of: {
                const auto begin = sets_.begin() + asked.value;
                return std::find(begin, begin + static_cast<std::ptrdiff_t>(asked.least),
                                 contact.texts[asked.attribute]) != begin + static_cast<std::ptrdiff_t>(asked.least);
            }
            case kind::range: {
                const float amount = contact.amounts[asked.attribute];
                return amount >= asked.least && amount <= asked.most;
            }
        }
        return false;
    }

    std::uint32_t look(const bucket& from, const bare_contact& contact, std::uint32_t best, bool all) const {
        for (const auto place : from) {
            if (place >= best) return best;
            bool good = true;
            for (auto i = begins_[place]; good && i < begins_[place + 1]; ++i) good = holds(predicates_[i], contact);
            if (good && !all) return place;
            if (good) ++met_;
        }
        return best;
    }

    std::vector<std::vector<bucket>> buckets_;
    bucket unfiled_;
    std::vector<flat> predicates_;
    std::vector<std::uint32_t> begins_;
    std::vector<std::int32_t> sets_;
    mutable std::size_t met_ = 0;  ///< keeps the compiler from leaving the look out
};

}  // namespace kindred::rules::generated
