#include "engine/runtime/journal.hpp"
#include "engine/dispatch/dispatcher.hpp"
#include "engine/runtime/replay.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"
#include "engine/store/memory/memory.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

/// A store as a writer leaves it, one batch a command.
class written_store {
public:
    std::unique_ptr<store::store> kept = store::make_memory_store();

    void tell(const dispatch::command& told) {
        std::vector<dispatch::event> happened;
        now_ += duration{1'000};
        ASSERT_TRUE(site_.apply(told, now_, happened)) << dispatch::name_of(told);
        ++commands_;
        auto made = batch();
        std::string record;
        append_journal(record, now_, dispatch::encode(told));
        made.journal = store::journal_row{commands_, commands_, now_, std::move(record)};
        made.settings.emplace_back("dispatch", site_.encode_site());
        for (const auto agent : site_.agents()) {
            made.agents.push_back({agent, "login" + to_string(agent), "{}"});
            made.settings.emplace_back("agent." + to_string(agent), site_.encode_agent(agent).value());
        }
        for (std::uint64_t id = 1; id < 10; ++id) {
            ticket held;
            held.id = ticket_id{id};
            held.queue = "general";
            const auto bytes = site_.encode_ticket(held.id);
            if (bytes) made.tickets.push_back(to_row(held, *bytes));
        }
        commit(made);
    }
    /// Writes something that no command led to.
    void overwrite(const std::string& name, std::string value) {
        auto made = batch();
        made.settings.emplace_back(name, std::move(value));
        commit(made);
    }
    void write_journal(std::uint64_t number, std::string bytes) {
        auto made = batch();
        made.journal = store::journal_row{number, number, now_, std::move(bytes)};
        commit(made);
    }
    const dispatch::dispatcher& site() const { return site_; }
    std::uint64_t commands() const { return commands_; }

private:
    store::batch batch() {
        store::batch made;
        made.id.incarnation.fill(7);
        made.id.number = ++batches_;
        made.at = now_;
        return made;
    }
    void commit(const store::batch& made) {
        const auto done = kept->commit(made);
        ASSERT_EQ(done.state, store::commit_state::committed) << done.reason;
    }

    dispatch::dispatcher site_;
    time_point now_ = from_millis(1'700'000'000'000);
    std::uint64_t commands_ = 0;
    std::uint64_t batches_ = 0;
};

written_store a_morning() {
    written_store made;
    dispatch::configure queues;
    queues.queues.emplace_back().name = "general";
    made.tell(queues);
    made.tell(dispatch::upsert_agent{agent_id{1}, {{"general", 0}}, {}, {}, 2});
    made.tell(dispatch::set_presence{agent_id{1}, dispatch::presence::available, {}});
    for (std::uint64_t id = 1; id <= 3; ++id) {
        dispatch::enqueue told;
        told.ticket = ticket_id{id};
        told.plan.queue = "general";
        made.tell(told);
    }
    made.tell(dispatch::accept{offer_id{1}, agent_id{1}});
    made.tell(dispatch::decline{offer_id{2}, agent_id{1}});
    return made;
}

TEST(Journal, RecordsAreReadBackInOrder) {
    std::string bytes;
    append_journal(bytes, from_millis(5), "one");
    append_journal(bytes, from_millis(7), "");
    std::string read;
    const auto each = [&](time_point at, std::string_view text) -> result<void> {
        read += std::to_string(to_millis(at)) + ":" + std::string(text) + ";";
        return {};
    };
    EXPECT_TRUE(read_journal(bytes, each));
    EXPECT_EQ(read, "5:one;7:;");
    bytes.pop_back();
    EXPECT_EQ(read_journal(bytes, each).error().code, errc::corrupt);
}

TEST(Replay, TheCommandsLeadToWhatIsStored) {
    const auto store = a_morning();
    const auto told = replay(*store.kept);
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_EQ(told->commands, store.commands());
    EXPECT_TRUE(told->same());
}

TEST(Replay, AStateThatNoCommandLedToIsNoticed) {
    auto store = a_morning();
    auto other = store.site();
    std::vector<dispatch::event> happened;
    ASSERT_TRUE(other.apply(dispatch::set_presence{agent_id{1}, dispatch::presence::away, "lunch"},
                            from_millis(1'700'000'100'000), happened));
    store.overwrite("agent.1", other.encode_agent(agent_id{1}).value());
    const auto told = replay(*store.kept);
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_FALSE(told->same());
}

TEST(Replay, AJournalWithAGapOrWithWhatCannotBeReadIsRefused) {
    auto gap = a_morning();
    gap.write_journal(gap.commands() + 2, {});
    EXPECT_EQ(replay(*gap.kept).error().code, errc::corrupt);
    auto unreadable = a_morning();
    unreadable.write_journal(unreadable.commands() + 1, "short");
    EXPECT_EQ(replay(*unreadable.kept).error().code, errc::corrupt);
    auto refused = a_morning();
    std::string twice;
    append_journal(twice, from_millis(1'700'000'100'000), dispatch::encode(dispatch::accept{offer_id{1}, agent_id{1}}));
    refused.write_journal(refused.commands() + 1, twice);
    const auto told = replay(*refused.kept);
    ASSERT_FALSE(told);
    EXPECT_NE(told.error().message.find("accept, is refused: unknown_offer"), std::string::npos)
        << told.error().message;
}

}  // namespace
}  // namespace kindred::runtime
