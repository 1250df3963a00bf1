#pragma once
#include "engine/dispatch/id_table.hpp"

#include <utility>
#include <vector>

namespace kindred::dispatch {

/// Records in chunks, reused through a free list: growing never moves a record, so it costs no pause at a million.
template <class Record>
class slab {
public:
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
        if ((used_ & mask) == 0) {
            chunks_.emplace_back();
            chunks_.back().resize(mask + 1);
        }
        return used_++;
    }
    void give_back(slot_no slot) {
        (*this)[slot] = Record{};
        free_.push_back(slot);
    }

    /// One past the highest slot ever taken.
    slot_no end() const { return used_; }

private:
    static constexpr unsigned shift = 10;
    static constexpr slot_no mask = (1U << shift) - 1;

    std::vector<std::vector<Record>> chunks_;
    std::vector<slot_no> free_;
    slot_no used_ = 0;
};

}  // namespace kindred::dispatch
