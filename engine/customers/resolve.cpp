#include "engine/customers/resolve.hpp"

#include <cassert>

namespace kindred::customers {

resolution resolve(std::span<const identity> given, std::span<const customer_id> on_record) {
    assert(given.size() == on_record.size());
    resolution answer;
    const auto counts = [&](std::size_t i) { return i == 0 || given[i].proven == proof::proven; };
    for (std::size_t i = 0; i < given.size() && !answer.customer; ++i)
        if (counts(i)) answer.customer = on_record[i];
    for (std::size_t i = 0; i < given.size(); ++i)
        if (counts(i) && !on_record[i]) answer.to_add.push_back(given[i]);
    return answer;
}

}  // namespace kindred::customers
