#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::dispatch {

inline constexpr std::uint32_t no_number = 0xFFFF'FFFF;

/// Mixes another value into a hash.
inline std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E37'79B9'7F4A'7C15ULL;
    return hash ^ (hash >> 32U);
}

/// Cheap, and good enough for tables whose finds are compared in full.
inline std::uint64_t hash_of_text(std::string_view text) {
    std::uint64_t hash = text.size();
    std::uint64_t word = 0;
    for (; text.size() > sizeof word; text.remove_prefix(sizeof word)) {
        std::memcpy(&word, text.data(), sizeof word);
        hash = mixed(hash, word);
    }
    word = 0;
    std::memcpy(&word, text.data(), text.size());
    return mixed(hash, word);
}

/// Numbers by the hash of what they stand for: open addressing with linear probing. The caller keeps the things
/// themselves, and says which is the one that is looked for.
class number_table {
public:
    /// `no_number` where there is none that is the same.
    template <class IsSame>
    std::uint32_t find(std::uint64_t hash, IsSame is_same) const {
        if (cells_.empty()) return no_number;
        const std::uint32_t tag = tag_of(hash);
        for (std::size_t at = home_of(tag); cells_[at].number != no_number; at = next(at)) {
            if (cells_[at].tag == tag && is_same(cells_[at].number)) return cells_[at].number;
        }
        return no_number;
    }

    void insert(std::uint64_t hash, std::uint32_t number) {
        if ((count_ + 1) * 2 > cells_.size()) grow();
        place({tag_of(hash), number});
        ++count_;
    }

    /// The number must be there under this hash.
    void erase(std::uint64_t hash, std::uint32_t number) {
        std::size_t hole = home_of(tag_of(hash));
        while (cells_[hole].number != number) hole = next(hole);
        // Later cells of the same run move up, so that no look-up meets a gap before its number.
        for (std::size_t at = next(hole); cells_[at].number != no_number; at = next(at)) {
            const std::size_t home = home_of(cells_[at].tag);
            if (((at - home) & (cells_.size() - 1)) < ((at - hole) & (cells_.size() - 1))) continue;
            cells_[hole] = cells_[at];
            hole = at;
        }
        cells_[hole] = {};
        --count_;
    }

private:
    struct cell {
        std::uint32_t tag = 0;
        std::uint32_t number = no_number;
    };

    /// The upper half of a product, to which every bit has something to say.
    static std::uint32_t tag_of(std::uint64_t hash) {
        return static_cast<std::uint32_t>((hash * 0x9E37'79B9'7F4A'7C15ULL) >> 32U);
    }
    std::size_t home_of(std::uint32_t tag) const { return tag & (cells_.size() - 1); }
    std::size_t next(std::size_t at) const { return (at + 1) & (cells_.size() - 1); }

    void place(const cell& made) {
        std::size_t at = home_of(made.tag);
        while (cells_[at].number != no_number) at = next(at);
        cells_[at] = made;
    }

    void grow() {
        const auto old = std::exchange(cells_, std::vector<cell>(cells_.empty() ? 16 : cells_.size() * 2));
        for (const cell& each : old) {
            if (each.number != no_number) place(each);
        }
    }

    std::vector<cell> cells_;
    std::size_t count_ = 0;
};

}  // namespace kindred::dispatch
