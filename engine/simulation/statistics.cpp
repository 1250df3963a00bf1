#include "engine/simulation/statistics.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace kindred::simulation {
namespace {

/// Lengths below 2^fine are counted each by itself, longer ones by their leading `fine` bits.
constexpr unsigned fine = 9;

std::size_t cell_of(std::uint64_t millis) {
    const auto width = static_cast<unsigned>(std::bit_width(millis));
    if (width <= fine) return static_cast<std::size_t>(millis);
    const unsigned dropped = width - fine;
    return static_cast<std::size_t>((std::uint64_t{dropped} << (fine - 1)) + (millis >> dropped));
}

/// The smallest length of a cell.
double start_of(std::size_t cell) {
    constexpr std::size_t half = std::size_t{1} << (fine - 1);
    if (cell < 2 * half) return static_cast<double>(cell);
    const std::size_t dropped = cell / half - 1;
    return std::ldexp(static_cast<double>(cell - dropped * half), static_cast<int>(dropped));
}

}  // namespace

double student_95(std::size_t degrees_of_freedom) {
    // Cornish-Fisher expansion around the normal quantile; off by less than 0.001 from five degrees on.
    constexpr double z = 1.959963984540054;
    const auto n = static_cast<double>(std::max<std::size_t>(degrees_of_freedom, 1));
    const double z3 = z * z * z;
    const double z5 = z3 * z * z;
    const double z7 = z5 * z * z;
    return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n) +
           (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
}

estimate ratio_of_sums(std::span<const double> above, std::span<const double> below) {
    const double whole = std::accumulate(below.begin(), below.end(), 0.0);
    estimate made;
    made.half_width = std::numeric_limits<double>::infinity();
    if (whole > 0) made.mean = std::accumulate(above.begin(), above.end(), 0.0) / whole;
    const std::size_t count = above.size();
    if (count < 2 || whole <= 0) return made;
    double squares = 0;
    double neighbours = 0;
    double before = 0;
    for (std::size_t each = 0; each < count; ++each) {
        const double off = above[each] - made.mean * below[each];
        squares += off * off;
        if (each > 0) neighbours += off * before;
        before = off;
    }
    const double likeness = squares > 0 ? std::max(0.0, neighbours / squares) : 0;
    const auto n = static_cast<double>(count);
    const double variance = squares / (n - 1) / n * (1 + 2 * likeness);
    made.half_width = student_95(count - 1) * std::sqrt(variance) / (whole / n);
    return made;
}

void histogram::add(std::int64_t millis) {
    const std::size_t cell = cell_of(static_cast<std::uint64_t>(std::max<std::int64_t>(millis, 0)));
    if (cell >= counts_.size()) counts_.resize(cell + cell / 4 + 1, 0);
    ++counts_[cell];
    ++count_;
}

double histogram::quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t cell = 0; cell < counts_.size(); ++cell) {
        seen += counts_[cell];
        if (seen >= wanted && seen > 0) return start_of(cell);
    }
    return 0;
}

std::vector<histogram::bar> histogram::bars() const {
    std::vector<bar> all;
    for (std::size_t cell = 0; cell < counts_.size(); ++cell)
        if (counts_[cell] > 0) all.push_back({start_of(cell), start_of(cell + 1), counts_[cell]});
    return all;
}

}  // namespace kindred::simulation
