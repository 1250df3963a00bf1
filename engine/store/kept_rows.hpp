#pragma once
#include "engine/store/store.hpp"

#include <string>
#include <string_view>

namespace kindred::store {

/// Gives `each` every row of a kind, in the order of their ids, until it returns an error, which is then this one's.
/// Reads some at a time: what is written meanwhile may be among them.
template <class Each>
result<void> for_each_kept(store& from, std::string_view kind, const Each& each) {
    constexpr std::size_t at_once = 1'000;
    std::string last;
    while (true) {
        auto rows = from.kept(kind, {}, last, at_once);
        if (!rows) return rows.error();
        if (rows->empty()) return {};
        last = rows->back().id;
        for (auto& row : *rows)
            if (auto taken = each(row); !taken) return taken;
    }
}

}  // namespace kindred::store
