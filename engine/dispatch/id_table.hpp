#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace kindred::dispatch {

/// Index of a record in its slab.
using slot_no = std::uint32_t;
inline constexpr slot_no no_slot = 0xFFFF'FFFF;

/// Ids to slots: open addressing with linear probing. A lookup touches one cache line as a rule, and neither insert nor
/// erase allocates once the table has its size. Ids are never 0.
class id_table {
public:
    slot_no find(std::uint64_t id) const {
        if (count_ == 0 || id == 0) return no_slot;
        for (std::size_t at = home_of(id);; at = next(at)) {
            if (cells_[at].first == id) return cells_[at].second;
            if (cells_[at].first == 0) return no_slot;
        }
    }

    /// The id must not be there yet.
    void insert(std::uint64_t id, slot_no slot) {
        if ((count_ + 1) * 2 > cells_.size()) grow();
        place(id, slot);
        ++count_;
    }

    /// The id must be there.
    void erase(std::uint64_t id) {
        std::size_t hole = home_of(id);
        while (cells_[hole].first != id) hole = next(hole);
        // Later cells of the same run move up, so that no lookup meets a gap before its id.
        for (std::size_t at = next(hole); cells_[at].first != 0; at = next(at)) {
            const std::size_t home = home_of(cells_[at].first);
            if (((at - home) & (cells_.size() - 1)) < ((at - hole) & (cells_.size() - 1))) continue;
            cells_[hole] = cells_[at];
            hole = at;
        }
        cells_[hole] = {0, no_slot};
        --count_;
    }

    std::size_t size() const { return count_; }

    /// In no useful order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const auto& [id, slot] : cells_) {
            if (id != 0) visit(id, slot);
        }
    }

private:
    /// Four ids in a row share a cache line, because what is open is mostly recent; lines are spread, because one long
    /// run would make every erase walk to its end.
    std::size_t home_of(std::uint64_t id) const {
        const std::uint64_t line = ((id >> 2U) * 0x9E37'79B9'7F4A'7C15ULL) >> shift_;
        return static_cast<std::size_t>(line << 2U | (id & 3U));
    }
    std::size_t next(std::size_t at) const { return (at + 1) & (cells_.size() - 1); }

    void place(std::uint64_t id, slot_no slot) {
        std::size_t at = home_of(id);
        while (cells_[at].first != 0) at = next(at);
        cells_[at] = {id, slot};
    }

    void grow() {
        const std::size_t size = cells_.empty() ? 16 : cells_.size() * 2;
        auto old = std::exchange(cells_, std::vector<std::pair<std::uint64_t, slot_no>>(size, {0, no_slot}));
        shift_ = 66;
        for (std::size_t left = size; left > 1; left /= 2) --shift_;
        for (const auto& [id, slot] : old) {
            if (id != 0) place(id, slot);
        }
    }

    std::vector<std::pair<std::uint64_t, slot_no>> cells_;
    std::size_t count_ = 0;
    unsigned shift_ = 62;
};

}  // namespace kindred::dispatch
