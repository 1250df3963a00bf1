#include "engine/runtime/arrivals/said_lately.hpp"

namespace kindred::runtime {

void said_lately::opened(ticket_id id, contact with, std::uint64_t decided) {
    const bool is_new = said_.insert_or_assign(id, said{std::move(with), 0, decided, {}, {}}).second;
    if (is_new) in_order_.push_back(id);
    while (in_order_.size() > capacity_) {
        said_.erase(in_order_.front());
        in_order_.pop_front();
    }
}

said_lately::said* said_lately::find(ticket_id id) {
    const auto found = said_.find(id);
    return found == said_.end() ? nullptr : &found->second;
}

}  // namespace kindred::runtime
