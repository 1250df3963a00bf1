#include "engine/understanding/linear_solver.hpp"

#include <linear.h>
#include <algorithm>
#include <cstdlib>
#include <memory>

namespace kindred::understanding {
namespace {

constexpr double penalty = 1.0;
constexpr double precision = 0.1;

struct free_model {
    void operator()(model* learnt) const { free_and_destroy_model(&learnt); }
};

/// The vectors in liblinear's form: indexes from 1, each list ended by -1.
class liblinear_problem {
public:
    liblinear_problem(std::span<const std::vector<feature>> vectors, std::span<const std::uint32_t> classes,
                      std::size_t rows) {
        std::size_t nodes = 0;
        for (const auto& each : vectors) nodes += each.size() + 1;
        nodes_.reserve(nodes);
        for (std::size_t i = 0; i < vectors.size(); ++i) {
            starts_.push_back(nodes_.data() + nodes_.size());
            for (const auto& each : vectors[i])
                nodes_.push_back({static_cast<int>(each.row) + 1, static_cast<double>(each.weight)});
            std::sort(starts_.back(), nodes_.data() + nodes_.size(),
                      [](const auto& left, const auto& right) { return left.index < right.index; });
            nodes_.push_back({-1, 0});
            targets_.push_back(static_cast<double>(classes[i]));
        }
        stated_.l = static_cast<int>(vectors.size());
        stated_.n = static_cast<int>(rows);
        stated_.y = targets_.data();
        stated_.x = starts_.data();
        stated_.bias = -1;
    }
    const problem& stated() const { return stated_; }

private:
    std::vector<feature_node> nodes_;
    std::vector<feature_node*> starts_;
    std::vector<double> targets_;
    problem stated_{};
};

}  // namespace

std::vector<float> linear_weights::scores(std::span<const feature> vector) const {
    std::vector<float> sums(classes, 0.0F);
    for (const auto& each : vector) {
        const float* const row = values.data() + each.row * classes;
        for (std::size_t i = 0; i < classes; ++i) sums[i] += each.weight * row[i];
    }
    return sums;
}

linear_weights solve(std::span<const std::vector<feature>> vectors, std::span<const std::uint32_t> classes,
                     std::size_t count, std::size_t rows) {
    const liblinear_problem posed(vectors, classes, rows);
    parameter how{};
    how.solver_type = MCSVM_CS;
    how.C = penalty;
    how.eps = precision;
    set_print_string_function([](const char*) {});
    std::srand(1);
    const std::unique_ptr<model, free_model> learnt(train(&posed.stated(), &how));
    linear_weights made{count, std::vector<float>(rows * count, 0.0F)};
    const auto known = static_cast<std::size_t>(learnt->nr_class);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < known; ++i)
            made.values[row * count + static_cast<std::size_t>(learnt->label[i])] =
                static_cast<float>(learnt->w[row * known + i]);
    return made;
}

}  // namespace kindred::understanding
