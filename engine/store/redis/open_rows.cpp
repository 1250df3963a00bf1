#include "engine/store/redis/open_rows.hpp"

#include <utility>

namespace kindred::store::redis {

result<void> open_rows::fill(store& copy) {
    clear();
    const auto read = copy.load([this](ticket_row&& row) { rows_.emplace_hint(rows_.end(), row.id, std::move(row)); });
    if (!read) {
        clear();
        return read.error();
    }
    filled_ = true;
    return {};
}

void open_rows::follow(const batch& changes) {
    if (!filled_) return;
    for (const auto& row : changes.tickets) {
        if (row.status == ticket_status::resolved)
            rows_.erase(row.id);
        else
            rows_.insert_or_assign(row.id, row);
    }
    for (const auto id : changes.erased) rows_.erase(id);
}

void open_rows::clear() {
    rows_.clear();
    filled_ = false;
}

void open_rows::give(const std::function<void(ticket_row&&)>& each_open) {
    auto all = std::exchange(rows_, {});
    filled_ = false;
    // Each goes before the next is read: its memory is used again, where new pages would have to be cleared.
    while (!all.empty()) each_open(std::move(all.extract(all.begin()).mapped()));
}

}  // namespace kindred::store::redis
