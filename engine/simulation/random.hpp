#pragma once
#include <array>
#include <cstdint>

namespace kindred::simulation {

/// xoshiro256** (Blackman, Vigna: "Scrambled linear pseudorandom number generators", 2021), seeded by SplitMix64. The
/// same seed gives the same numbers on every machine; the standard library's distributions do not promise that.
class random_stream {
public:
    /// Streams of one seed that differ in their number have nothing to do with each other, so that one more draw for
    /// one purpose does not move those for the others.
    random_stream(std::uint64_t seed, std::uint64_t number);

    std::uint64_t next() {
        const std::uint64_t drawn = rotated(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17U;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotated(state_[3], 45);
        return drawn;
    }

    /// Above 0, at most 1, in steps of 2^-53.
    double unit() { return static_cast<double>((next() >> 11U) + 1) * 0x1p-53; }

    /// Mean 1.
    double exponential();
    /// Mean 0, variance 1 (Marsaglia's polar method).
    double normal();

private:
    static std::uint64_t rotated(std::uint64_t bits, unsigned by) { return bits << by | bits >> (64U - by); }
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace kindred::simulation
