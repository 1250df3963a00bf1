#include "engine/understanding/evaluation.hpp"

#include <algorithm>

namespace kindred::understanding {

void rank_tally::add(const std::vector<std::string_view>& guesses, std::string_view wanted) {
    constexpr std::ptrdiff_t three = 3;
    const auto place = std::find(guesses.begin(), guesses.end(), wanted) - guesses.begin();
    const bool found = place < static_cast<std::ptrdiff_t>(guesses.size());
    ++asked;
    if (found && place == 0) ++first;
    if (found && place < three) ++among_three;
}

answers_given answers_at(const std::vector<judged_answer>& judged, double least) {
    answers_given made{least, 0, 0};
    for (const auto& each : judged) {
        if (each.confidence < least) continue;
        ++made.given;
        if (each.right) ++made.right;
    }
    return made;
}

std::optional<double> area_under_roc(const std::vector<double>& inside, std::vector<double> outside) {
    if (inside.empty() || outside.empty()) return std::nullopt;
    std::sort(outside.begin(), outside.end());
    double won = 0;
    for (const double each : inside) {
        const auto [low, high] = std::equal_range(outside.begin(), outside.end(), each);
        won += static_cast<double>(low - outside.begin()) + static_cast<double>(high - low) / 2;
    }
    return won / static_cast<double>(inside.size()) / static_cast<double>(outside.size());
}

}  // namespace kindred::understanding
