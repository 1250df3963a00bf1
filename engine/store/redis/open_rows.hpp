#pragma once
#include "engine/store/store.hpp"

#include <functional>
#include <map>

namespace kindred::store::redis {

/// The tickets that are open, in the memory of a node that follows: should it come to lead, it need not read them from
/// its copy first. Belongs to the thread that follows.
class open_rows {
public:
    /// All that are open in `copy`, as of now.
    result<void> fill(store& copy);
    /// What the copy was given.
    void follow(const batch& changes);
    /// The copy is another one, or is written without this.
    void clear();
    /// Every one in number order; afterwards there are none.
    void give(const std::function<void(ticket_row&&)>& each_open);

    bool are_filled() const { return filled_; }
    std::size_t size() const { return rows_.size(); }

private:
    std::map<ticket_id, ticket_row> rows_;
    bool filled_ = false;
};

}  // namespace kindred::store::redis
