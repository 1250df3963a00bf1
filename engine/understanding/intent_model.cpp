#include "engine/understanding/intent_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kindred::understanding {
namespace {

constexpr std::size_t most_guesses = 10;
/// Two guesses are close when the second is at least half as probable as the first.
constexpr double close_share = 0.5;

intent_reading::verdict judge(const std::vector<intent_guess>& guesses) {
    const bool close = guesses.size() > 1 && guesses[1].p >= close_share * guesses[0].p;
    return close ? intent_reading::verdict::between : intent_reading::verdict::sure;
}

}  // namespace

std::vector<feature> intent_features(const feature_space& space, const gram_list& text) {
    return space.project({text.words, text.pairs, text.pieces, text.bridges});
}

intent_model::intent_model(parts learnt) : learnt_(std::move(learnt)) {}

std::vector<float> intent_model::scores(const gram_list& text) const {
    const auto count = learnt_.labels.size();
    std::vector<float> sums(count, 0.0F);
    float* const sum = sums.data();
    for (const auto& each : intent_features(learnt_.space, text)) {
        const float weight = each.weight * learnt_.scales[each.row];
        const std::int8_t* const row = learnt_.weights.data() + each.row * count;
        for (std::size_t label = 0; label < count; ++label) sum[label] += weight * static_cast<float>(row[label]);
    }
    return sums;
}

intent_reading intent_model::read(const gram_list& text) const {
    intent_reading made;
    const auto sums = scores(text);
    if (sums.empty()) return made;
    std::vector<std::uint32_t> order(sums.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto shown = std::min(most_guesses, order.size());
    std::partial_sort(
        order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
        [&](auto left, auto right) { return sums[left] != sums[right] ? sums[left] > sums[right] : left < right; });
    const float best = sums[order.front()];
    double total = 0;
    for (const float each : sums) total += std::exp(static_cast<double>(learnt_.temperature * (each - best)));
    for (std::size_t i = 0; i < shown; ++i) {
        const auto above = std::exp(static_cast<double>(learnt_.temperature * (sums[order[i]] - best)));
        made.guesses.push_back({learnt_.labels[order[i]], above / total});
    }
    made.familiarity = static_cast<double>(best);
    if (best >= learnt_.threshold) made.says = judge(made.guesses);
    return made;
}

}  // namespace kindred::understanding
