#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace kindred::dispatch {

/// Index of a record in its slab.
using slot_no = std::uint32_t;
inline constexpr slot_no no_slot = 0xFFFF'FFFF;

/// Ids to slots: pages of 64 neighbouring ids, found by open addressing with linear probing. What is open is mostly
/// recent, and what came together is handled together: a look-up reads one line of a small table and one of a page that
/// was read a moment ago. Ids are never 0.
class id_table {
public:
    slot_no find(std::uint64_t id) const {
        if (id == 0 || cells_.empty()) return no_slot;
        const cell& home = cells_[cell_of(id / ids)];
        return home.taken != 0 ? pages_[home.page][id % ids] : no_slot;
    }

    /// The id must not be there yet.
    void insert(std::uint64_t id, slot_no slot) {
        if ((cells_used_ + 1) * 2 > cells_.size()) grow();
        cell& home = cells_[cell_of(id / ids)];
        if (home.taken == 0) {
            home = {id / ids, take_page(), 0};
            ++cells_used_;
        }
        ++home.taken;
        pages_[home.page][id % ids] = slot;
        ++count_;
    }

    /// The id must be there.
    void erase(std::uint64_t id) {
        const std::size_t at = cell_of(id / ids);
        --count_;
        pages_[cells_[at].page][id % ids] = no_slot;
        if (--cells_[at].taken != 0) return;
        free_pages_.push_back(cells_[at].page);
        close_gap(at);
        --cells_used_;
    }

    std::size_t size() const { return count_; }

    /// In no useful order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const cell& each : cells_) {
            if (each.taken == 0) continue;
            for (std::size_t at = 0; at < ids; ++at) {
                const slot_no slot = pages_[each.page][at];
                if (slot != no_slot) visit(each.ids_from * ids + at, slot);
            }
        }
    }

private:
    static constexpr std::size_t ids = 64;  // of a page
    using page = std::array<slot_no, ids>;
    struct cell {
        std::uint64_t ids_from = 0;  ///< divided by `ids`
        std::uint32_t page = 0;      ///< `no_slot` in it where an id is not there, in all of a free one
        std::uint32_t taken = 0;     ///< ids in the page; 0: the cell is free
    };

    std::size_t home_of(std::uint64_t ids_from) const {
        return static_cast<std::size_t>((ids_from * 0x9E37'79B9'7F4A'7C15ULL) >> shift_);
    }
    std::size_t next(std::size_t at) const { return (at + 1) & (cells_.size() - 1); }

    /// The cell of these ids, or the free one where it would be.
    std::size_t cell_of(std::uint64_t ids_from) const {
        std::size_t at = home_of(ids_from);
        while (cells_[at].taken != 0 && cells_[at].ids_from != ids_from) at = next(at);
        return at;
    }

    std::uint32_t take_page() {
        if (free_pages_.empty()) {
            pages_.emplace_back().fill(no_slot);
            return static_cast<std::uint32_t>(pages_.size() - 1);
        }
        const std::uint32_t page = free_pages_.back();
        free_pages_.pop_back();
        return page;
    }

    /// Later cells of the same run move up, so that no look-up meets a gap before its cell.
    void close_gap(std::size_t hole) {
        for (std::size_t at = next(hole); cells_[at].taken != 0; at = next(at)) {
            const std::size_t home = home_of(cells_[at].ids_from);
            if (((at - home) & (cells_.size() - 1)) < ((at - hole) & (cells_.size() - 1))) continue;
            cells_[hole] = cells_[at];
            hole = at;
        }
        cells_[hole] = {};
    }

    void grow() {
        const std::size_t size = cells_.empty() ? 16 : cells_.size() * 2;
        const auto old = std::exchange(cells_, std::vector<cell>(size));
        shift_ = static_cast<unsigned>(std::countl_zero(size)) + 1;
        for (const cell& each : old) {
            if (each.taken != 0) cells_[cell_of(each.ids_from)] = each;
        }
    }

    std::vector<cell> cells_;
    std::vector<page> pages_;
    std::vector<std::uint32_t> free_pages_;
    std::size_t cells_used_ = 0;
    std::size_t count_ = 0;
    unsigned shift_ = 60;
};

}  // namespace kindred::dispatch
