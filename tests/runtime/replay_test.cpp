#include "engine/runtime/replay.hpp"
#include "tests/runtime/support/stored_state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace kindred::runtime {
namespace {

/// The state that telling a new dispatcher everything that was journalled leads to.
std::uint64_t replayed_hash(store::store& durable, time_point now) {
    dispatch::dispatcher fresh;
    std::vector<dispatch::event> events;
    std::uint64_t next = 1;
    const auto told = [&](time_point at, std::string_view bytes) -> result<void> {
        const auto command = dispatch::decode_command(bytes);
        if (!command) return command.error();
        ++next;
        return fresh.apply(*command, at, events);
    };
    EXPECT_TRUE(durable.journal(1, [&](store::journal_row&& row) {
        EXPECT_EQ(row.first, next) << "every command has its number";
        const auto read = read_journal(row.bytes, told);
        EXPECT_TRUE(read) << read.error().message;
        EXPECT_EQ(row.last + 1, next);
        return read.has_value();
    }));
    return hash_at(fresh, now);
}

class agents_at_work {
public:
    explicit agents_at_work(site_run& run) : run_(run) {}

    void do_something(std::mt19937& random) {
        const auto any = [&](std::uint64_t most) { return random() % most; };
        const auto who = any(2);
        const agent_id agent{who + 1};
        const ticket_id ticket{1 + any(20)};
        switch (any(9)) {
            case 0:
            case 1:
            case 2: {
                const auto id = "m" + std::to_string(random());
                (void)run_.contact(message_of("v" + std::to_string(any(12)), id), any(4) == 0 ? "narrow" : "chat");
                break;
            }
            case 3:
                (void)run_.set_presence(agent, any(4) == 0 ? dispatch::presence::away : dispatch::presence::available);
                break;
            case 4:
            case 5:
                if (!frames_of(*desks_[who], "offer").empty())
                    (void)run_.answer(agent, offer_on(*desks_[who]), any(4) != 0);
                break;
            case 6: (void)run_.act(agent, ticket, action::resolve{}); break;
            case 7: (void)run_.act(agent, ticket, action::reopen{}); break;
            default: run_.advance(duration{any(30'000)});
        }
    }

private:
    site_run& run_;
    std::array<std::shared_ptr<listening_socket>, 2> desks_{run_.open_desk(site_run::ann),
                                                            run_.open_desk(site_run::ben)};
};

TEST(Replay, TheJournalAloneLeadsToTheStateThatIsStored) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE(seed);
        const auto disk = store::make_memory_disk();
        std::mt19937 random(seed);
        auto now = test_start;
        for (int life = 0; life < 3; ++life) {
            site_run run(store::make_memory_store(disk), now);
            agents_at_work agents(run);
            for (int i = 0; i < 60; ++i) agents.do_something(random);
            run.stop();
            now = run.clock().now();
            EXPECT_GT(run.tickets(), 2U);
            EXPECT_EQ(replayed_hash(run.durable(), now), hash_on(disk, now)) << "life " << life;
            const auto told = replay(run.durable());
            ASSERT_TRUE(told) << told.error().message;
            EXPECT_TRUE(told->same()) << "life " << life;
            EXPECT_GT(told->commands, 20U);
        }
    }
}

}  // namespace
}  // namespace kindred::runtime
