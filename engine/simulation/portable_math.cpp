#include "engine/simulation/portable_math.hpp"

#include <cmath>

// A multiplication and addition rounded once, where a machine has that, would give other bits than one that has not.
#if defined(__clang__)
#pragma clang fp contract(off)
#endif

namespace kindred::simulation {
namespace {

constexpr double ln_2 = 0.69314718055994530942;
constexpr double root_half = 0.70710678118654752440;

}  // namespace

double log_of(double x) {
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);  // exact on every machine, as ldexp is
    if (mantissa < root_half) {
        mantissa *= 2;
        --exponent;
    }
    // log(m) = 2 atanh((m - 1) / (m + 1)), whose argument is below 0.172: eleven terms are enough.
    const double ratio = (mantissa - 1) / (mantissa + 1);
    const double square = ratio * ratio;
    double sum = 0;
    for (int power = 21; power >= 1; power -= 2) sum = sum * square + 1.0 / power;
    return exponent * ln_2 + 2 * ratio * sum;
}

double exp_of(double x) {
    const double halves = std::floor(x / ln_2 + 0.5);
    const double rest = x - halves * ln_2;  // at most 0.35 either way
    double sum = 1;
    for (int term = 16; term >= 1; --term) sum = 1 + rest / term * sum;
    return std::ldexp(sum, static_cast<int>(halves));
}

}  // namespace kindred::simulation
