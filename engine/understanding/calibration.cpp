#include "engine/understanding/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::understanding {
namespace {

constexpr double lowest_temperature = 0.1;
constexpr double highest_temperature = 100;
/// What most classifiers need; a few examples alone would make it anything.
constexpr double usual_temperature = 5;
constexpr double usual_weight = 2;  ///< in examples
constexpr double given_up = 0.05;
constexpr double price_of_giving_up = 2;

double log_total(std::span<const float> scores, double temperature, double best) {
    double total = 0;
    for (const float each : scores) total += std::exp(temperature * (static_cast<double>(each) - best));
    return std::log(total);
}

double best_of(std::span<const float> scores) {
    return scores.empty() ? 0.0 : static_cast<double>(*std::max_element(scores.begin(), scores.end()));
}

double mean_surprise(std::span<const scored_example> examples, double temperature) {
    double sum = 0;
    for (const auto& each : examples) {
        const double best = best_of(each.scores);
        sum += log_total(each.scores, temperature, best) -
               temperature * (static_cast<double>(each.scores[each.label]) - best);
    }
    const double unusual = std::log(temperature / usual_temperature);
    return (sum + usual_weight * unusual * unusual) / static_cast<double>(examples.size());
}

}  // namespace

float fit_temperature(std::span<const scored_example> examples) {
    if (examples.empty()) return 1.0F;
    // The surprise is convex in the temperature: golden-section search, over its logarithm.
    constexpr double golden = 0.618'033'988'75;
    double low = std::log(lowest_temperature);
    double high = std::log(highest_temperature);
    for (int round = 0; round < 40; ++round) {
        const double left = high - golden * (high - low);
        const double right = low + golden * (high - low);
        if (mean_surprise(examples, std::exp(left)) < mean_surprise(examples, std::exp(right)))
            high = right;
        else
            low = left;
    }
    return static_cast<float>(std::exp((low + high) / 2));
}

float best_score(std::span<const float> scores) { return static_cast<float>(best_of(scores)); }

float choose_threshold(std::vector<float> in_scope, std::vector<float> none_of_them) {
    if (in_scope.empty()) return 0;
    std::sort(in_scope.begin(), in_scope.end());
    std::sort(none_of_them.begin(), none_of_them.end());
    const auto size = static_cast<double>(in_scope.size());
    if (none_of_them.empty()) return in_scope[static_cast<std::size_t>(size * given_up)];
    float chosen = 0;
    double most = -1;
    for (std::size_t lost = 0; lost < in_scope.size(); ++lost) {
        const auto caught = std::lower_bound(none_of_them.begin(), none_of_them.end(), in_scope[lost]);
        const double gain =
            static_cast<double>(caught - none_of_them.begin()) / static_cast<double>(none_of_them.size()) -
            price_of_giving_up * static_cast<double>(lost) / size;
        if (gain <= most) continue;
        most = gain;
        chosen = in_scope[lost];
    }
    return chosen;
}

}  // namespace kindred::understanding
