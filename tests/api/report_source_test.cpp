#include "engine/api/report_source.hpp"

#include "engine/store/memory/memory.hpp"

#include <gtest/gtest.h>

namespace kindred::api {
namespace {

const auto today = *parse_time("2026-11-23T00:00:00Z");

/// A store with tickets of yesterday and today; a line is told by the minutes since midnight.
class report_source : public testing::Test {
protected:
    void tell(std::uint64_t ticket, int minute, std::string kind, std::string json = "{}") {
        store::batch written;
        written.id.number = ++batches_;
        store::ticket_row row;
        row.id = ticket_id{ticket};
        row.channel = "mail";
        row.customer = customer_id{ticket};
        written.tickets = {row};
        written.entries = {
            {row.id, ++numbers_[ticket], std::move(kind), today + std::chrono::minutes{minute}, std::move(json)}};
        ASSERT_EQ(store_->commit(written).state, store::commit_state::committed);
    }
    result<insight::report_table> ask(std::string_view name, const std::string& by, const std::string& every = {}) {
        const std::vector<form_field> fields{
            {"from", "2026-11-23"}, {"until", "2026-11-24"}, {"by", by}, {"every", every}};
        return make_report(*store_, insight::read_report_question(name, fields, today + std::chrono::days{2}).value());
    }

    std::unique_ptr<store::store> store_ = store::make_memory_store();

private:
    std::uint64_t batches_ = 0;
    std::map<std::uint64_t, std::uint32_t> numbers_;
};

TEST_F(report_source, RecallsWhatHappenedBeforeThePeriod) {
    const std::string queued = R"({"queue":"general","because":"enqueued"})";
    const std::string agent = R"({"agent":{"id":"7","name":"Ann"}})";
    tell(1, -700, "contact");
    tell(1, -700, "queued", queued);
    for (int i = 0; i < 600; ++i) tell(1, -690, "note");  // more than is read at once
    tell(1, 10, "accepted", agent);
    tell(1, 20, "resolved", agent);
    tell(1, 30, "reopened");
    tell(1, 30, "contact");
    tell(1, 30, "queued", queued);
    tell(1, 35, "accepted", agent);
    tell(1, 90, "resolved", agent);

    for (const auto* by : {"queue", "channel"}) {
        const auto waits = ask("waits", by).value();
        ASSERT_EQ(waits.rows.size(), 1U);
        EXPECT_EQ(waits.rows[0].group, by == std::string("queue") ? "general" : "mail");
        EXPECT_EQ(waits.rows[0].values[0], 2);
        EXPECT_EQ(waits.rows[0].values[5], 710 * 60);
    }
    const auto volume = ask("volume", "agent", "hour").value();
    ASSERT_EQ(volume.rows.size(), 3U);  // resolved at 0:20, opened again by the customer, resolved at 1:30
    EXPECT_EQ(volume.rows[1].name, "Ann");
    EXPECT_EQ(ask("resolution", "").value().rows[0].values[5], 720 * 60);
    EXPECT_EQ(ask("hand-offs", "").value().rows[0].values[0], 2);
}

TEST_F(report_source, ReadsOnBehindThePeriodWhereThatIsAsked) {
    tell(1, 10, "contact");
    tell(1, 20, "resolved");
    tell(1, 30 + 24 * 60, "reopened");
    tell(1, 30 + 24 * 60, "contact");
    const std::vector<form_field> fields{{"from", "2026-11-23"}, {"until", "2026-11-24"}, {"within", "36h"}};
    const auto now = today + std::chrono::days{2};
    const auto made = make_report(*store_, insight::read_report_question("re-contact", fields, now).value()).value();
    EXPECT_EQ(made.rows[0].values, (std::vector<std::optional<double>>{1, 1, 0, 1.0}));
    EXPECT_EQ(ask("volume", "").value().rows[0].values[0], 1);
}

}  // namespace
}  // namespace kindred::api
