#include "engine/runtime/people/audit.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/people/registers.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

class audit_chain : public testing::Test {
protected:
    /// One more record on the log, as the writer makes it.
    void add(const std::string& action) {
        audit_record made;
        made.at = test_start;
        made.by = "agent:ann";
        made.action = action;
        made.about = "customer:1";
        made.detail = R"({"reason":"asked"})";
        put({next_of_chain(head_, std::move(made))});
    }
    void put(std::vector<store::kept_row> rows) {
        store::batch changes;
        changes.id = {{}, ++last_};
        changes.at = test_start;
        changes.kept = std::move(rows);
        ASSERT_EQ(durable_->commit(changes).state, store::commit_state::committed);
    }
    store::kept_row stored(std::uint64_t number) {
        return durable_->kept(audit_rows, {}, {}, 100).value().at(number - 1);
    }
    std::string verdict() {
        const auto checked = verify_audit(*durable_, head_);
        return checked ? std::string("as written") : checked.error().message;
    }

    std::unique_ptr<store::store> durable_ = store::make_memory_store();
    audit_head head_;
    std::uint64_t last_ = 0;
};

TEST_F(audit_chain, IsWhatWasWritten) {
    EXPECT_EQ(verdict(), "as written");
    for (int each = 0; each < 5; ++each) add("customer.merged");
    EXPECT_EQ(verdict(), "as written");
    EXPECT_EQ(head_.number, 5U);
    const auto read = audit_head_from_json(to_json(head_));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, head_);
}

TEST_F(audit_chain, TellsWhichRecordWasChangedRemovedOrCutOff) {
    for (int each = 0; each < 5; ++each) add("customer.merged");
    const auto third = stored(3);
    auto changed = third;
    changed.bytes.replace(changed.bytes.find("ann"), 3, "bob");
    put({changed});
    EXPECT_EQ(verdict(), "audit record 3 was changed");
    auto moved = third;
    moved.at += std::chrono::seconds{1};
    put({moved});
    EXPECT_EQ(verdict(), "audit record 3 was changed");
    auto gone = third;
    gone.removed = true;
    put({gone});
    EXPECT_EQ(verdict(), "audit record 3 is missing");
    put({third});
    EXPECT_EQ(verdict(), "as written");
    auto last = stored(5);
    last.removed = true;
    put({last});
    EXPECT_EQ(verdict(), "audit record 5 is missing");
}

TEST_F(audit_chain, ARecordThatWasAddedByHandIsNotTheLastOne) {
    add("customer.merged");
    auto copy = head_;
    audit_record forged;
    forged.by = "agent:ann";
    forged.detail = "{}";
    put({next_of_chain(copy, forged)});
    EXPECT_EQ(verdict(), "audit record 2 is not the last one that was written");
}

TEST_F(audit_chain, TheLatestComeFirst) {
    EXPECT_TRUE(latest_audit_records(*durable_, 0, 3).value().empty());
    for (int each = 1; each <= 21; ++each) add("step-" + std::to_string(each));
    const auto numbers = [&](std::uint64_t before, std::size_t limit) {
        std::vector<std::uint64_t> found;
        for (const auto& record : latest_audit_records(*durable_, before, limit).value())
            found.push_back(record.number);
        return found;
    };
    EXPECT_EQ(numbers(0, 3), (std::vector<std::uint64_t>{21, 20, 19}));
    EXPECT_EQ(numbers(19, 2), (std::vector<std::uint64_t>{18, 17}));
    EXPECT_EQ(numbers(3, 10), (std::vector<std::uint64_t>{2, 1}));
    EXPECT_EQ(latest_audit_records(*durable_, 8, 1).value().at(0).action, "step-7");
}

TEST(Audit, GoesOnWhereItEndedBeforeARestart) {
    const auto disk = store::make_memory_disk();
    const auto change_queue = [](site_run& run) {
        queue_order wanted;
        wanted.by = site_run::ann;
        wanted.told = dispatch::set_notice{"general", "short of people", run.clock().now() + std::chrono::hours{1}, {}};
        return run.answer_to(std::move(wanted));
    };
    for (int start = 0; start < 2; ++start) {
        site_run run(store::make_memory_store(disk));
        ASSERT_TRUE(change_queue(run));
        run.stop();
    }
    const auto durable = store::make_memory_store(disk);
    const auto opened = durable->load([](store::ticket_row&&) {}).value();
    const auto setting = std::find_if(opened.settings.begin(), opened.settings.end(),
                                      [](const auto& each) { return each.first == audit_setting; });
    ASSERT_NE(setting, opened.settings.end());
    const auto head = verify_audit(*durable, audit_head_from_json(setting->second).value());
    ASSERT_TRUE(head) << head.error().message;
    const auto records = latest_audit_records(*durable, 0, 100).value();
    EXPECT_EQ(
        std::count_if(records.begin(), records.end(),
                      [](const auto& each) { return each.action == "queue.notice_set" && each.by == "agent:ann"; }),
        2);
}

}  // namespace
}  // namespace kindred::runtime
