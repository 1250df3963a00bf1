#include "engine/app/resolved_tickets.hpp"

#include "engine/store/memory/memory.hpp"

#include <gtest/gtest.h>

namespace kindred::app {
namespace {

void add_ticket(store::store& to, std::uint64_t number,
                const std::vector<std::pair<std::string, std::string>>& history) {
    store::batch changes;
    changes.id.number = number;
    auto& row = changes.tickets.emplace_back();
    row.id = ticket_id{number};
    row.status = store::ticket_status::resolved;
    std::uint32_t entry = 0;
    for (const auto& [kind, json] : history) {
        auto& added = changes.entries.emplace_back();
        added.ticket = row.id;
        added.number = ++entry;
        added.kind = kind;
        added.json = json;
    }
    ASSERT_EQ(to.commit(changes).state, store::commit_state::committed);
}

TEST(resolved_tickets, teach_what_was_written_first_and_how_it_ended) {
    const auto kept = store::make_memory_store();
    add_ticket(*kept, 1,
               {{"contact", R"({"text":"where is it"})"},
                {"contact", R"({"text":"hello?"})"},
                {"resolved", R"({"disposition":"delivery"})"}});
    add_ticket(*kept, 2,
               {{"contact", R"({"subject":"Refund","text":"please"})"},
                {"resolved", R"({"disposition":"x"})"},
                {"reopened", "{}"},
                {"resolved", R"({"disposition":"refund"})"}});
    add_ticket(*kept, 3, {{"contact", R"({"text":"nobody said"})"}, {"resolved", "{}"}});
    add_ticket(*kept, 4, {{"contact", R"({"text":"too late"})"}, {"resolved", R"({"disposition":"queue_closed"})"}});
    const auto all = read_resolved_tickets(*kept, 100).value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].text, "Refund\nplease");
    EXPECT_EQ(all[0].label, "refund");
    EXPECT_EQ(all[1].text, "where is it");
    EXPECT_EQ(all[1].label, "delivery");
    EXPECT_EQ(read_resolved_tickets(*kept, 1).value().size(), 1U);
}

}  // namespace
}  // namespace kindred::app
