#include "engine/understanding/feature_space.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kindred::understanding {
namespace {

/// Spreads hashes over the table's slots (Fibonacci hashing).
constexpr std::uint32_t spread = 0x9E3779B1;
constexpr std::size_t settle_at = 1U << 22U;

float rarity_of(std::size_t texts, std::size_t with, float common) {
    const double ratio = (1.0 + static_cast<double>(texts)) / (1.0 + static_cast<double>(with));
    return static_cast<float>(std::log(ratio)) + common;
}

/// Counts how often each of a few numbers comes, in the order in which they come first.
class row_counter {
public:
    struct counted {
        std::uint32_t row;
        std::uint32_t times;
    };
    /// `most` numbers will come at most.
    explicit row_counter(std::size_t most) : places_(std::bit_ceil(std::max<std::size_t>(16, 2 * most)), 0) {
        rows_.reserve(most);
    }
    void add(std::uint32_t row) {
        for (std::size_t at = std::size_t{row} * spread & (places_.size() - 1);; at = (at + 1) & (places_.size() - 1)) {
            if (places_[at] == 0) {
                rows_.push_back({row, 1});
                places_[at] = static_cast<std::uint32_t>(rows_.size());
                return;
            }
            if (rows_[places_[at] - 1].row == row) {
                ++rows_[places_[at] - 1].times;
                return;
            }
        }
    }
    const std::vector<counted>& rows() const { return rows_; }

private:
    std::vector<std::uint32_t> places_;  ///< in rows_, counted from 1; 0: free
    std::vector<counted> rows_;
};

}  // namespace

feature_space::feature_space(std::vector<known_gram> grams, float strange)
    : grams_(std::move(grams)), strange_(strange) {
    const auto size = std::bit_ceil(std::max<std::size_t>(16, grams_.size() * 2));
    slots_.resize(size);
    shift_ = 32U - static_cast<std::uint32_t>(std::countr_zero(size));
    for (std::uint32_t row = 0; row < grams_.size(); ++row) {
        std::size_t at = (grams_[row].hash * spread) >> shift_;
        while (slots_[at].row != no_row) at = (at + 1) & (size - 1);
        slots_[at] = {grams_[row].hash, row};
    }
}

std::uint32_t feature_space::find(std::uint32_t hash) const {
    for (std::size_t at = (hash * spread) >> shift_;; at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at].row == no_row) return no_row;
        if (slots_[at].hash == hash) return slots_[at].row;
    }
}

std::optional<std::uint32_t> feature_space::row_of(std::uint32_t hash) const {
    const auto row = slots_.empty() ? no_row : find(hash);
    return row == no_row ? std::nullopt : std::optional(row);
}

std::vector<feature> feature_space::project(const gram_parts& text) const {
    std::vector<feature> vector;
    if (slots_.empty()) return vector;
    std::size_t size = 0;
    for (const auto& part : text) size += part.size();
    row_counter counter(size);
    float square = 0;
    for (const auto& part : text)
        for (const auto hash : part) {
            const auto row = find(hash);
            if (row == no_row)
                square += strange_ * strange_;
            else
                counter.add(row);
        }
    vector.reserve(counter.rows().size());
    for (const auto& [row, times] : counter.rows()) {
        const float often = times == 1 ? 1.0F : 1.0F + std::log(static_cast<float>(times));
        const float weight = often * grams_[row].rarity;
        square += weight * weight;
        vector.push_back({row, weight});
    }
    const float scale = square > 0 ? 1.0F / std::sqrt(square) : 0.0F;
    for (auto& each : vector) each.weight *= scale;
    return vector;
}

void gram_counter::add(const gram_parts& text) {
    ++texts_;
    std::vector<std::uint32_t> grams;
    for (const auto& part : text) grams.insert(grams.end(), part.begin(), part.end());
    std::sort(grams.begin(), grams.end());
    grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
    seen_.insert(seen_.end(), grams.begin(), grams.end());
    if (seen_.size() >= settle_at) settle();
}

void gram_counter::settle() {
    std::sort(seen_.begin(), seen_.end());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> merged;
    merged.reserve(counts_.size() + seen_.size() / 4);
    auto old = counts_.begin();
    for (std::size_t at = 0; at < seen_.size();) {
        std::size_t end = at;
        while (end < seen_.size() && seen_[end] == seen_[at]) ++end;
        for (; old != counts_.end() && old->first < seen_[at]; ++old) merged.push_back(*old);
        auto count = static_cast<std::uint32_t>(end - at);
        if (old != counts_.end() && old->first == seen_[at]) count += (old++)->second;
        merged.emplace_back(seen_[at], count);
        at = end;
    }
    merged.insert(merged.end(), old, counts_.end());
    counts_ = std::move(merged);
    seen_.clear();
}

std::size_t gram_counter::size(std::uint32_t least) {
    settle();
    return static_cast<std::size_t>(
        std::count_if(counts_.begin(), counts_.end(), [least](const auto& each) { return each.second >= least; }));
}

feature_space gram_counter::space(std::uint32_t least, float common) {
    settle();
    std::vector<feature_space::known_gram> grams;
    for (const auto& [hash, count] : counts_)
        if (count >= least) grams.push_back({hash, rarity_of(texts_, count, common)});
    return {std::move(grams), rarity_of(texts_, 0, common)};
}

}  // namespace kindred::understanding
