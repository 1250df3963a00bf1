#include "engine/customers/everybody.hpp"

#include <string>

namespace kindred::customers {

result<void> for_everybody(store::store& from, const std::function<result<void>(const customer&)>& each,
                           std::string_view member) {
    const auto sign = member.empty() ? std::string() : '"' + std::string(member) + '"';
    constexpr std::size_t rows_at_once = 1'000;
    customer_id after;
    while (true) {
        const auto rows = from.customers(after, rows_at_once);
        if (!rows) return rows.error();
        if (rows->empty()) return {};
        after = rows->back().id;
        for (const auto& row : *rows) {
            if (row.json.find(sign) == std::string::npos) continue;
            const auto who = customer_from_json(row.id, row.version, row.json);
            if (!who) return who.error();
            if (who->erased_at) continue;
            if (auto done = each(*who); !done) return done;
        }
    }
}

}  // namespace kindred::customers
