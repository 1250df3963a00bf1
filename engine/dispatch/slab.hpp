#pragma once
#include "engine/dispatch/big_pages.hpp"
#include "engine/dispatch/id_table.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace kindred::dispatch {

/// Records in chunks, reused through a free list: growing never moves a record, so it costs no pause at a million.
template <class Record>
class slab {
public:
    slab() = default;
    slab(const slab& other) : free_(other.free_) {
        for (const chunk& each : other.chunks_) add_chunk().assign(each.begin(), each.end());
    }
    slab(slab&&) noexcept = default;
    slab& operator=(const slab& other) { return *this = slab(other); }
    slab& operator=(slab&&) noexcept = default;
    ~slab() = default;

    Record& operator[](slot_no slot) { return chunks_[slot >> shift][slot & mask]; }
    const Record& operator[](slot_no slot) const { return chunks_[slot >> shift][slot & mask]; }

    /// Asks for all of a record at once: one trip to memory instead of one for each line that is then read.
    void prefetch(slot_no slot) const {
        const char* record = reinterpret_cast<const char*>(&(*this)[slot]);
        for (std::size_t line = 0; line < sizeof(Record); line += 64) __builtin_prefetch(record + line);
    }

    /// A slot with a fresh record.
    slot_no take() {
        if (!free_.empty()) {
            const slot_no slot = free_.back();
            free_.pop_back();
            return slot;
        }
        const slot_no slot = end();
        if (chunks_.empty() || chunks_.back().size() == mask + 1) add_chunk();
        chunks_.back().emplace_back();
        return slot;
    }
    void give_back(slot_no slot) {
        Record* const gone = &(*this)[slot];
        std::destroy_at(gone);
        std::construct_at(gone);
        free_.push_back(slot);
    }

    /// One past the highest slot ever taken.
    slot_no end() const {
        if (chunks_.empty()) return 0;
        return static_cast<slot_no>((chunks_.size() - 1) << shift) + static_cast<slot_no>(chunks_.back().size());
    }

private:
    using chunk = std::vector<Record, big_pages<Record>>;
    static constexpr unsigned shift = 15;
    static constexpr slot_no mask = (1U << shift) - 1;

    chunk& add_chunk() {
        chunk& made = chunks_.emplace_back();
        made.reserve(mask + 1);
        return made;
    }

    std::vector<chunk> chunks_;
    std::vector<slot_no> free_;
};

}  // namespace kindred::dispatch
