#include "engine/simulation/random.hpp"

#include "engine/simulation/portable_math.hpp"

#include <cmath>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

namespace kindred::simulation {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
    state += 0x9E37'79B9'7F4A'7C15ULL;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58'476D'1CE4'E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D0'49BB'1331'11EBULL;
    return mixed ^ (mixed >> 31U);
}

}  // namespace

random_stream::random_stream(std::uint64_t seed, std::uint64_t number) {
    std::uint64_t state = seed;
    state = split_mix(state) ^ (number * 0xD134'2543'DE82'EF95ULL);
    for (auto& each : state_) each = split_mix(state);
}

double random_stream::exponential() { return -log_of(unit()); }

double random_stream::normal() {
    while (true) {
        const double x = 2 * unit() - 1;
        const double y = 2 * unit() - 1;
        const double square = x * x + y * y;
        if (square > 0 && square < 1) return x * std::sqrt(-2 * log_of(square) / square);
    }
}

}  // namespace kindred::simulation
