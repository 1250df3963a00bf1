#pragma once
#include "engine/store/store.hpp"

#include <vector>

namespace kindred::store::sqlite {

/// Entries on their way to whoever reads a period. Its rows keep their memory: there are millions of them, a few
/// thousand at once.
class entry_list {
public:
    void clear() {
        size_ = 0;
        without_ticket_.clear();
    }
    /// The next row, with what an earlier one left in it.
    selected_entry& add() {
        if (size_ == rows_.size()) rows_.emplace_back();
        return rows_[size_++];
    }
    /// The row added last is to be completed with what its ticket says.
    void wants_ticket() { without_ticket_.push_back(size_ - 1); }
    std::vector<std::size_t>& without_ticket() { return without_ticket_; }
    /// Whose tickets are, by their numbers, where so many are read that all at once cost less than one by one; 0: ask.
    std::vector<std::uint32_t> owners;
    customer_id owner_of(ticket_id ticket) const { return {ticket.value < owners.size() ? owners[ticket.value] : 0}; }
    selected_entry& at(std::size_t place) { return rows_[place]; }
    std::size_t size() const { return size_; }

private:
    std::vector<selected_entry> rows_;
    std::size_t size_ = 0;
    std::vector<std::size_t> without_ticket_;
};

}  // namespace kindred::store::sqlite
