#include "engine/store/sqlite/key_filter.hpp"

#include <cstring>

namespace kindred::store::sqlite {
namespace {

constexpr unsigned bits_of_a_position = 9;  // 512 bits in a line

}  // namespace

key_filter::key_filter() : lines_(std::make_unique<line[]>(lines)) {}

// The hash is a piece of SHA-256: its parts are independent of each other.
key_filter::place key_filter::place_of(std::string_view hash) {
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), hash.data(), sizeof halves);
    return {static_cast<std::size_t>(halves[0] % lines), halves[1]};
}

void key_filter::add(std::string_view hash) {
    auto [at, bits] = place_of(hash);
    for (std::size_t i = 0; i < bits_per_key; ++i, bits >>= bits_of_a_position)
        lines_[at].words[bits >> 6U & 7U].fetch_or(std::uint64_t{1} << (bits & 63U), std::memory_order_relaxed);
}

bool key_filter::may_have(std::string_view hash) const {
    if (!complete_.load(std::memory_order_acquire)) return true;
    auto [at, bits] = place_of(hash);
    for (std::size_t i = 0; i < bits_per_key; ++i, bits >>= bits_of_a_position) {
        const auto word = lines_[at].words[bits >> 6U & 7U].load(std::memory_order_relaxed);
        if ((word >> (bits & 63U) & 1U) == 0) return false;
    }
    return true;
}

}  // namespace kindred::store::sqlite
