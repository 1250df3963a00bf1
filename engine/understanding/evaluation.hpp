#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::understanding {

/// How often the right answer came first, or among the first three.
struct rank_tally {
    std::size_t asked = 0;
    std::size_t first = 0;
    std::size_t among_three = 0;

    /// `guesses` best first.
    void add(const std::vector<std::string_view>& guesses, std::string_view wanted);
    double top1() const { return asked == 0 ? 0 : static_cast<double>(first) / static_cast<double>(asked); }
    double top3() const { return asked == 0 ? 0 : static_cast<double>(among_three) / static_cast<double>(asked); }
};

/// The best answer to a question, how sure it was, and whether it was the right one.
struct judged_answer {
    double confidence = 0;
    bool right = false;
};
/// What comes of giving the answers that are at least so sure.
struct answers_given {
    double least = 0;
    std::size_t given = 0;
    std::size_t right = 0;

    double precision() const { return given == 0 ? 0 : static_cast<double>(right) / static_cast<double>(given); }
};
answers_given answers_at(const std::vector<judged_answer>& judged, double least);

/// The probability that one of `inside` scores higher than one of `outside`, equal ones counting half: the area under
/// the ROC curve. None when one of them is empty.
std::optional<double> area_under_roc(const std::vector<double>& inside, std::vector<double> outside);

}  // namespace kindred::understanding
