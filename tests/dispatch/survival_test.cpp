#include "dispatch/support/history.hpp"

#include <gtest/gtest.h>

namespace kindred::dispatch::testing {
namespace {

struct told_at {
    time_point at;
    std::string bytes;
};

/// A dispatcher after a random history, with the journal that made it.
struct lived {
    dispatcher site;
    configure settings;
    std::vector<told_at> journal;
    std::vector<std::string> said;
    history commands;

    explicit lived(std::uint64_t seed, int length) : commands(seed) {
        for (const command& told : commands.opening()) tell(told);
        for (int each = 0; each < length; ++each) tell(commands.next(site));
    }
    void tell(const command& told) {
        std::vector<event> happened;
        if (!site.apply(told, commands.now(), happened)) return;
        if (const auto* configured = std::get_if<configure>(&told)) settings = *configured;
        journal.push_back({commands.now(), encode(told)});
        for (const event& each : happened) said.push_back(encode(each));
    }
};

std::vector<std::string> encoded(const std::vector<event>& happened) {
    std::vector<std::string> all;
    for (const event& each : happened) all.push_back(encode(each));
    return all;
}

/// A second dispatcher made of the first one's bytes alone. Tickets come back in the order of their numbers, as a store
/// reads them.
dispatcher reborn(const dispatcher& site, const configure& settings) {
    dispatcher copy;
    std::vector<event> unsaid;
    EXPECT_TRUE(copy.apply(settings, time_point{}, unsaid));
    EXPECT_TRUE(copy.restore_site(site.encode_site()));
    for (const agent_id agent : site.agents()) EXPECT_TRUE(copy.restore_agent(*site.encode_agent(agent)));
    std::size_t left = site.open_tickets();
    for (std::uint64_t ticket = 1; left > 0; ++ticket) {
        const auto bytes = site.encode_ticket(ticket_id{ticket});
        if (!bytes) continue;
        --left;
        const auto restored = copy.restore_ticket(*bytes);
        EXPECT_TRUE(restored) << restored.error().message;
    }
    return copy;
}

TEST(Survival, ReplayingTheJournalGivesTheSameEventsAndState) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const lived first(seed, 400);
        dispatcher second;
        std::vector<std::string> said;
        for (const told_at& each : first.journal) {
            const auto told = decode_command(each.bytes);
            ASSERT_TRUE(told) << told.error().message;
            EXPECT_EQ(encode(*told), each.bytes);
            std::vector<event> happened;
            ASSERT_TRUE(second.apply(*told, each.at, happened));
            for (const event& one : happened) said.push_back(encode(one));
        }
        EXPECT_EQ(first.said, said);
        EXPECT_EQ(first.site.state_hash(), second.state_hash());
    }
}

TEST(Survival, EveryEventComesBackFromItsBytes) {
    const lived first(3, 600);
    for (const std::string& bytes : first.said) {
        const auto back = decode_event(bytes);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(encode(*back), bytes);
    }
}

TEST(Survival, RestoredFromRowsItIsTheSameAndGoesOnTheSame) {
    for (std::uint64_t seed = 100; seed < 160; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        lived first(seed, 300);
        dispatcher second = reborn(first.site, first.settings);
        ASSERT_EQ(first.site.state_hash(), second.state_hash());
        EXPECT_EQ(first.site.next_due(), second.next_due());
        for (int each = 0; each < 200; ++each) {
            SCOPED_TRACE("command " + std::to_string(each));
            const command told = first.commands.next(first.site);
            std::vector<event> one;
            std::vector<event> other;
            const auto done = first.site.apply(told, first.commands.now(), one);
            const auto again = second.apply(told, first.commands.now(), other);
            ASSERT_EQ(done.has_value(), again.has_value()) << name_of(told);
            ASSERT_EQ(encoded(one), encoded(other)) << name_of(told);
            ASSERT_EQ(first.site.state_hash(), second.state_hash()) << name_of(told);
        }
    }
}

TEST(Survival, ACopyIsAValue) {
    lived first(5, 200);
    const dispatcher copy = first.site;
    const std::uint64_t before = copy.state_hash();
    for (int each = 0; each < 100; ++each) first.tell(first.commands.next(first.site));
    EXPECT_EQ(copy.state_hash(), before);
    EXPECT_NE(first.site.state_hash(), before);
}

TEST(Survival, BytesThatCannotBeTrueAreRefusedAndChangeNothing) {
    lived first(8, 300);
    std::uint64_t number = 1;
    while (!first.site.encode_ticket(ticket_id{number})) ++number;
    const std::string ticket = *first.site.encode_ticket(ticket_id{number});
    dispatcher second;
    std::vector<event> unsaid;
    ASSERT_TRUE(second.apply(first.settings, time_point{}, unsaid));
    for (const agent_id agent : first.site.agents()) ASSERT_TRUE(second.restore_agent(*first.site.encode_agent(agent)));
    const std::uint64_t before = second.state_hash();
    for (std::size_t size = 0; size < ticket.size(); ++size) {
        const auto restored = second.restore_ticket(std::string_view(ticket).substr(0, size));
        ASSERT_FALSE(restored);
        EXPECT_EQ(restored.error().code, errc::corrupt);
    }
    EXPECT_FALSE(second.restore_ticket(ticket + "x"));
    EXPECT_EQ(second.state_hash(), before);
    ASSERT_TRUE(second.restore_ticket(ticket));
    EXPECT_FALSE(second.restore_ticket(ticket)) << "the same ticket twice";
    EXPECT_FALSE(second.restore_site(first.site.encode_site())) << "clocks under tickets";
}

TEST(Encoding, DamagedBytesAreRefused) {
    const std::string bytes =
        encode(command(enqueue{ticket_id{7}, channel_kind::phone, 10, {"sales", {}, {}, {}, {}, {}}, {}, {}}));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto decoded = decode_command(std::string_view(bytes).substr(0, size));
        ASSERT_FALSE(decoded);
        EXPECT_EQ(decoded.error().code, errc::corrupt);
    }
    EXPECT_FALSE(decode_command(bytes + std::string(1, '\0')));
    EXPECT_FALSE(decode_command("\xFF\x01"));
    EXPECT_FALSE(decode_event("\x7F"));
}

}  // namespace
}  // namespace kindred::dispatch::testing
