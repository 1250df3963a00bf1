#include "engine/api/ticket_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace kindred::api {
namespace {

const time_point noon = from_millis(1'700'000'000'000);

runtime::ticket_standing standing(std::uint64_t id, std::optional<duration> waited, std::optional<duration> left,
                                  std::string queue = "general") {
    runtime::ticket_standing made;
    made.id = ticket_id{id};
    made.queue = std::move(queue);
    if (waited) made.waiting_since = noon - *waited;
    if (left) made.due = dispatch::due_target{dispatch::target::first_response, *left, noon + *left};
    return made;
}

std::vector<std::uint64_t> ids(const ticket_line::places& of) {
    std::vector<std::uint64_t> made;
    for (const auto& each : of) made.push_back(each.stands.id.value);
    return made;
}

using numbers = std::vector<std::uint64_t>;

std::vector<runtime::ticket_standing> some() {
    return {standing(4, duration{10}, std::nullopt), standing(3, std::nullopt, duration{-5}),
            standing(2, duration{20}, duration{7}), standing(1, std::nullopt, std::nullopt, "sales"),
            standing(5, duration{10}, duration{7}, "sales")};
}

TEST(TicketLine, HasWhatWaitsLongestFirstAndWhatDoesNotWaitLast) {
    EXPECT_EQ(ids(ticket_line::in_order(some(), line_order::longest_wait, noon)), (numbers{2, 4, 5, 1, 3}));
}

TEST(TicketLine, HasTheNearestTargetFirstMissedOnesBeforeItAndNoneLast) {
    EXPECT_EQ(ids(ticket_line::in_order(some(), line_order::target, noon)), (numbers{3, 2, 5, 1, 4}));
}

TEST(TicketLine, HasTheOldestFirst) {
    EXPECT_EQ(ids(ticket_line::in_order(some(), line_order::oldest, noon)), (numbers{1, 2, 3, 4, 5}));
}

TEST(TicketLine, HasTheHighestPriorityFirstAndTheOldestFirstWithinIt) {
    auto each = some();
    each[0].head_start = std::chrono::minutes{30};  // 4
    each[2].head_start = std::chrono::hours{2};     // 2
    each[4].head_start = std::chrono::minutes{30};  // 5
    each[3].head_start = -std::chrono::minutes{5};  // 1
    EXPECT_EQ(ids(ticket_line::in_order(std::move(each), line_order::priority, noon)), (numbers{2, 4, 5, 3, 1}));
}

TEST(TicketLine, HasWhatChangedLastFirst) {
    auto each = some();
    for (std::size_t i = 0; i < each.size(); ++i) each[i].updated_at = noon - std::chrono::minutes{i};
    EXPECT_EQ(ids(ticket_line::in_order(std::move(each), line_order::latest, noon)), (numbers{4, 3, 2, 1, 5}));
}

constexpr std::array all_orders{line_order::longest_wait, line_order::target, line_order::oldest, line_order::priority,
                                line_order::latest};

TEST(TicketLine, PagesShowOnceWhatStaysInItsPlaceWhileOthersComeGoAndMove) {
    for (const auto by : all_orders) {
        std::vector<runtime::ticket_standing> open;
        for (std::uint64_t id = 1; id <= 40; ++id) {
            auto& made = open.emplace_back(standing(id, std::chrono::minutes{id % 7}, std::chrono::minutes{id % 5}));
            made.head_start = std::chrono::minutes{id % 3};
            made.updated_at = noon - std::chrono::seconds{id % 11};
        }
        std::vector<std::uint64_t> seen;
        std::string cursor;
        for (std::uint64_t round = 0;; ++round) {
            const auto all = ticket_line::in_order(open, by, noon);
            const auto page = ticket_line::page_of(all, {}, cursor, 6).value();
            if (page.empty()) break;
            for (const auto& each : page) seen.push_back(each.stands.id.value);
            cursor = ticket_line::cursor_of(page.back());
            // One that was on the page goes, one comes, and one of the first four moves to the very front.
            std::erase_if(open,
                          [&](const auto& each) { return each.id == page.front().stands.id && each.id.value > 4; });
            auto& moved = open[round % 4];
            moved.waiting_since = noon - std::chrono::hours{9};
            moved.due->left = -std::chrono::hours{9};
            moved.head_start = std::chrono::hours{9};
            moved.updated_at = noon + std::chrono::hours{9};
            if (round < 3) open.push_back(standing(100 + round, duration{0}, std::chrono::hours{5}));
        }
        for (std::uint64_t id = 5; id <= 40; ++id) EXPECT_EQ(std::count(seen.begin(), seen.end(), id), 1) << id;
    }
}

TEST(TicketLine, PagesFollowOneAnotherWithoutGapOrRepetition) {
    for (const auto by : all_orders) {
        const auto all = ticket_line::in_order(some(), by, noon);
        for (std::size_t limit = 1; limit <= all.size(); ++limit) {
            ticket_line::places seen;
            std::string cursor;
            for (;;) {
                const auto page = ticket_line::page_of(all, {}, cursor, limit).value();
                if (page.empty()) break;
                seen.insert(seen.end(), page.begin(), page.end());
                cursor = ticket_line::cursor_of(page.back());
            }
            EXPECT_EQ(ids(seen), ids(all)) << limit;
        }
    }
}

TEST(TicketLine, ACursorStaysAPlaceWhenItsTicketIsGone) {
    const auto all = ticket_line::in_order(some(), line_order::longest_wait, noon);
    const auto cursor = ticket_line::cursor_of(all[1]);
    auto fewer = all;
    fewer.erase(fewer.begin() + 1);
    EXPECT_EQ(ids(ticket_line::page_of(fewer, {}, cursor, 9).value()), (numbers{5, 1, 3}));
}

TEST(TicketLine, FiltersByQueueStatusAndHolder) {
    auto each = some();
    each[0].holder = agent_id{7};
    each[1].status = store::ticket_status::held;
    const auto all = ticket_line::in_order(std::move(each), line_order::oldest, noon);
    store::ticket_filter filter;
    filter.queue = "sales";
    EXPECT_EQ(ids(ticket_line::page_of(all, filter, "", 9).value()), (numbers{1, 5}));
    filter = {};
    filter.holder = agent_id{7};
    EXPECT_EQ(ids(ticket_line::page_of(all, filter, "", 9).value()), (numbers{4}));
    filter = {};
    filter.status = store::ticket_status::held;
    EXPECT_EQ(ids(ticket_line::page_of(all, filter, "", 9).value()), (numbers{3}));
}

TEST(TicketLine, RefusesCursorsThatNoPageGave) {
    const auto all = ticket_line::in_order(some(), line_order::oldest, noon);
    for (const auto* cursor : {"17", ".", "x.1", "1.x", "1.2.3", "-1.2", "99999999999999999999.1"})
        EXPECT_EQ(ticket_line::page_of(all, {}, cursor, 9).error().code, errc::invalid) << cursor;
}

store::ticket_filter of_queue(std::string name) {
    store::ticket_filter made;
    made.queue = std::move(name);
    return made;
}

TEST(TicketLine, HasAnyStretchOfWhatFitsAndHowManyThatAre) {
    const open_list all(some(), noon);
    const auto everything = all.choice(line_order::longest_wait, {});
    EXPECT_EQ(everything->total(), 5U);
    EXPECT_EQ(ids(everything->stretch(0, 2)), (numbers{2, 4}));
    EXPECT_EQ(ids(everything->stretch(3, 9)), (numbers{1, 3}));
    EXPECT_EQ(ids(everything->stretch(5, 9)), (numbers{}));
    EXPECT_EQ(ids(everything->stretch(~std::size_t{0}, 9)), (numbers{}));
    const auto sales = all.choice(line_order::target, of_queue("sales"));
    EXPECT_EQ(sales->total(), 2U);
    EXPECT_EQ(ids(sales->stretch(1, 9)), (numbers{1}));
    EXPECT_EQ(all.choice(line_order::target, of_queue("elsewhere"))->total(), 0U);
}

TEST(TicketLine, MakesEachOrderAndChoiceOnce) {
    const open_list all(some(), noon);
    const auto once = all.choice(line_order::target, of_queue("sales"));
    EXPECT_EQ(all.choice(line_order::target, of_queue("sales")), once);
    EXPECT_NE(all.choice(line_order::oldest, of_queue("sales")), once);
    EXPECT_NE(all.choice(line_order::target, {}), once);
}

TEST(TicketLine, IsFreshForHalfASecondAndLongerTheMoreThereAre) {
    EXPECT_TRUE(open_list({}, noon).is_fresh(noon + duration{499}));
    EXPECT_FALSE(open_list({}, noon).is_fresh(noon + duration{500}));
    const open_list many(std::vector<runtime::ticket_standing>(100'000), noon);
    EXPECT_TRUE(many.is_fresh(noon + duration{1499}));
    EXPECT_FALSE(many.is_fresh(noon + duration{1500}));
}

}  // namespace
}  // namespace kindred::api
