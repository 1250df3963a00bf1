#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace kindred::store::sqlite {

/// Says of most keys that were never used that they were not, without a look at the disk: a Bloom filter of a fixed
/// size whose bits for one key share a cache line (Putze, Sanders, Singler 2007). Ten million keys fit with few false
/// alarms; beyond that there are more of them, and each costs a look. Thread-safe.
class key_filter {
public:
    key_filter();

    /// `hash`: the 16 bytes that find a key (row_writer.hpp).
    void add(std::string_view hash);
    /// False only for a key that was never added, once complete() was called.
    bool may_have(std::string_view hash) const;
    /// Every key that the store had is in it now.
    void complete() { complete_.store(true, std::memory_order_release); }

private:
    static constexpr std::size_t lines = std::size_t{1} << 18;  // of 64 bytes: 16 MiB
    static constexpr std::size_t bits_per_key = 6;
    struct alignas(64) line {
        std::array<std::atomic<std::uint64_t>, 8> words{};
    };
    struct place {
        std::size_t line;
        std::uint64_t bits;
    };
    static place place_of(std::string_view hash);

    std::unique_ptr<line[]> lines_;
    std::atomic<bool> complete_{false};
};

}  // namespace kindred::store::sqlite
