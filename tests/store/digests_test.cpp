#include "engine/store/entry_brief.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/digest.hpp"
#include "engine/store/sqlite/sqlite.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace kindred::store {
namespace {

using samples::noon;

std::string brief_of(std::string_view kind, std::string_view json) {
    std::string brief;
    append_brief(kind, json, brief);
    return brief;
}

TEST(briefs, keep_what_figures_are_made_of_and_no_word_that_somebody_wrote) {
    const struct {
        std::string_view kind, json, brief;
    } cases[] = {
        {"contact", R"({"text":"my \"intent\":","understood":{"language":"en","intent":"refund"}})",
         R"({"intent":"refund","locale":"en"})"},
        {"contact", R"({"locale":"es-MX","text":"x","understood":{"language":"en"}})", R"({"locale":"es-MX"})"},
        {"contact", R"({"intent":"setup","understood":{"intent":"refund"}})", R"({"intent":"setup"})"},
        {"contact", R"({"attributes":{"intent":"refund"},"text":"x"})", ""},
        {"outbound", R"({"intent":5,"understood":{"intent":"refund"}})", R"({"intent":"refund"})"},
        {"decision",
         R"({"route":"r","queue":"q","steps":[],"script":{"id":"s","language":"en"},"segments":{"value":"vip"},"stage":"new","pinned":["stage"],"facts":{"contact.text":{"value":"x"}}})",
         R"({"route":"r","script":{"id":"s","language":"en"},"segments":{"value":"vip"},"stage":"new"})"},
        {"decision",
         R"({"route":"a ],\"script\":","steps":[{"require":{"x":[1]}}],"script":null,"articles":[{"id":"a","language":"en"}],"segments":{},"stage":"new","pinned":[],"facts":{}})",
         R"({"route":"a ],\"script\":","script":null,"articles":[{"id":"a","language":"en"}],"segments":{},"stage":"new"})"},
        {"queued", R"({"queue":"q","because":"woken","until":5})", R"({"queue":"q","because":"woken"})"},
        {"reply", R"({"text":"secret","agent":{"id":"1","name":"Ann"}})", R"({"agent":{"id":"1","name":"Ann"}})"},
        {"reopened", R"({"because":"contact"})", ""},
        {"survey_answer",
         R"({"survey":"s","first":true,"answers":[{"question":"csat","kind":"csat","value":5},{"question":"why","kind":"text","text":"secret"}]})",
         R"({"first":true,"answers":[{"question":"csat","kind":"csat","value":5},{"question":"why","kind":"text"}]})"},
        {"note", R"({"text":"secret"})", ""},
        {"decision", "", "{}"},
        {"survey_answer", "no JSON", ""},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(brief_of(each.kind, each.json), each.brief);
        EXPECT_EQ(brief_of(each.kind, each.brief), each.brief) << "the brief of a brief is itself";
    }
    EXPECT_TRUE(has_brief("resolved"));
    EXPECT_FALSE(has_brief("note"));
}

TEST(digests, give_back_their_lines_and_nothing_of_damaged_bytes) {
    sqlite::digest_builder built;
    std::mt19937 random(5);
    std::vector<sqlite::digest_line> lines;
    const std::string_view kinds[] = {"contact", "decision", ""};
    for (std::uint32_t each = 0; each < 300; ++each) {
        const auto says = static_cast<std::uint32_t>(random() % 3);
        lines.push_back(
            {random() % 1000, each, says, noon + duration{static_cast<std::int64_t>(random()) - 2'000'000'000}});
        built.add(lines.back().ticket, each, lines.back().at,
                  {kinds[says], says == 0 ? "mail" : "", says == 2 ? "{}" : ""});
    }
    const auto bytes = built.bytes();
    sqlite::digest_reader whole(bytes);
    sqlite::digest_line line;
    for (const auto& each : lines) {
        ASSERT_TRUE(whole.next(line));
        EXPECT_EQ(whole.sayings()[line.says].kind, kinds[each.says]);
        EXPECT_EQ(std::tie(line.ticket, line.number, line.at), std::tie(each.ticket, each.number, each.at));
    }
    EXPECT_FALSE(whole.next(line));
    EXPECT_TRUE(whole.sound());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string part = bytes.substr(0, size);
        sqlite::digest_reader cut(part);
        while (cut.next(line)) {
        }
        EXPECT_FALSE(cut.sound()) << size;
    }
    for (int round = 0; round < 2000; ++round) {
        auto wrong = bytes.substr(0, 1 + random() % 60);
        for (int i = 0; i < 3; ++i) wrong[random() % wrong.size()] = static_cast<char>(random());
        sqlite::digest_reader any(wrong);
        while (any.next(line)) {
        }
    }
}

/// A store that is asked for briefs and for the whole: both have to say the same.
class stores_with_digests : public testing::Test {
protected:
    stores_with_digests() {
        options_.path = folder_.file("store.db");
        options_.sync = sync_level::off;
        reopen();
    }
    void reopen() {
        store_.reset();
        store_ = open_sqlite(options_).value();
        (void)store_->load([](ticket_row&&) {}).value();
    }
    void tamper(const char* sql) {
        const auto on = sqlite::connection::open({options_.path, {}, true, true});
        ASSERT_EQ(on->run(sql), SQLITE_OK) << sql;
    }
    std::int64_t count(const std::string& sql) {
        (void)store_->find_key({"", ""});  // the database has caught up with its log
        const auto on = sqlite::connection::open({options_.path, {}, true, true});
        sqlite::statement asked(*on, sql);
        sqlite::cursor row(asked);
        return row.next() ? row.integer(0) : -1;
    }
    void commit(batch written) {
        written.id = samples::id_of(++batches_);
        ASSERT_EQ(store_->commit(written).state, commit_state::committed);
    }
    ticket_row resolved(std::uint64_t number) const {
        auto row = samples::ticket(number, ticket_status::resolved);
        row.channel = number % 3 == 0 ? "mail" : "chat";
        row.customer = customer_id{1 + number % 7 + moved_};
        return row;
    }
    std::vector<std::string> told(bool brief, time_point from, time_point until) {
        const std::vector<std::string> kinds{"contact", "decision", "resolved", "survey_answer"};
        const entry_selection wanted{
            from, until, kinds, {"contact", "decision", "survey_answer"}, {"contact", "survey_answer"}, brief};
        std::vector<std::string> lines;
        const auto read = store_->entries_between(wanted, [&](const selected_entry& row) {
            std::string line = to_string(row.entry.ticket) + '/' + std::to_string(row.entry.number) + ' ' +
                               row.entry.kind + ' ' + to_rfc3339(row.entry.at) + ' ' +
                               std::to_string(row.customer.value) + ' ';
            if (row.entry.kind == "contact") line += row.channel;
            append_brief(row.entry.kind, row.entry.json, line);
            lines.push_back(line);
            return true;
        });
        EXPECT_TRUE(read);
        return lines;
    }
    void expect_same() {
        for (const auto& [from, until] : {std::pair{noon - std::chrono::days{1}, noon + std::chrono::days{9}},
                                          {noon + std::chrono::hours{1}, noon + std::chrono::hours{2}}})
            ASSERT_EQ(told(true, from, until), told(false, from, until));
    }

    temporary_folder folder_;
    sqlite_options options_;
    std::unique_ptr<store> store_;
    std::uint64_t batches_ = 0;
    std::uint64_t moved_ = 0;  ///< customers who are somebody else by now
};

TEST_F(stores_with_digests, say_the_same_whatever_happens_to_entries) {
    std::mt19937 random(11);
    const auto below = [&](std::size_t end) { return random() % end; };
    const std::string kinds[] = {"contact", "decision", "resolved", "survey_answer", "note", "offered"};
    const auto json_of = [&](const std::string& kind) -> std::string {
        const auto number = std::to_string(below(4));
        if (kind == "contact") return R"({"text":"words","understood":{"intent":"i)" + number + "\"}}";
        if (kind == "decision")
            return R"({"route":"r","segments":{"value":"v)" + number + R"("},"pinned":[],"facts":{}})";
        if (kind == "survey_answer") return R"({"answers":[{"kind":"csat","value":)" + number + R"(,"text":"words"}]})";
        return "{}";
    };
    std::map<std::uint64_t, std::vector<entry_row>> histories;
    auto now = noon;
    std::uint64_t newest = 0;
    for (int round = 0; round < 400; ++round) {
        batch written;
        const auto many = round % 50 == 49 ? 6000U : 1 + below(40);
        for (std::size_t each = 0; each < many; ++each) {
            const auto ticket = below(3) == 0 || newest == 0 ? ++newest : 1 + below(newest);
            auto& history = histories[ticket];
            now += duration{static_cast<std::int64_t>(below(2000)) - (below(20) == 0 ? 20'000 : 0)};
            const auto& kind = kinds[below(std::size(kinds))];
            history.push_back(
                {ticket_id{ticket}, static_cast<std::uint32_t>(history.size() + 1), kind, now, json_of(kind)});
            written.entries.push_back(history.back());
            written.tickets.push_back(resolved(ticket));
        }
        // Edits and words that go.
        for (auto left = below(3); left > 0; --left) {
            auto& history = histories[1 + below(newest)];
            if (history.empty()) continue;
            auto& line = history[below(history.size())];
            line.json = json_of(line.kind);
            written.entries.push_back(line);
        }
        if (below(9) == 0) {
            // The newest among them, so that their places are used again.
            const auto gone = below(2) == 0 ? newest : 1 + below(newest);
            written.erased.push_back(ticket_id{gone});
            histories[gone].clear();
        }
        commit(std::move(written));
        if (below(30) == 0) reopen();
        if (below(60) == 0) {
            ++moved_;
            batch merged;
            for (std::uint64_t ticket = 1; ticket <= newest; ticket += 3)
                if (!histories[ticket].empty()) merged.tickets.push_back(resolved(ticket));
            commit(std::move(merged));
        }
        if (round % 40 == 39) expect_same();
    }
    expect_same();
    EXPECT_GT(count("SELECT count(*) FROM digests"), 10);
    EXPECT_GT(told(true, noon - std::chrono::days{1}, noon + std::chrono::days{9}).size(), 5000U);
}

TEST_F(stores_with_digests, read_entries_where_a_digest_is_missing_damaged_or_of_another_form) {
    for (std::uint64_t ticket = 1; ticket <= 40; ++ticket) {
        batch written;
        written.tickets = {resolved(ticket)};
        for (std::uint32_t number = 1; number <= 100; ++number)
            written.entries.push_back({ticket_id{ticket}, number, "contact",
                                       noon + std::chrono::seconds{ticket * 100 + number}, R"({"intent":"a"})"});
        commit(std::move(written));
        (void)store_->find_key({"", ""});
    }
    ASSERT_GE(count("SELECT count(*) FROM digests"), 4);
    const auto expected = told(false, noon, noon + std::chrono::days{1});
    ASSERT_EQ(expected.size(), 4000U);
    for (const auto* sql :
         {"DELETE FROM digests WHERE first = (SELECT first FROM digests LIMIT 1 OFFSET 1)",
          "UPDATE digests SET bytes = substr(bytes, 1, 90) WHERE first = (SELECT first FROM digests LIMIT 1 OFFSET 2)",
          "UPDATE digests SET form = form + 1 WHERE first = (SELECT min(first) FROM digests)", "DELETE FROM digests"}) {
        store_.reset();
        tamper(sql);
        reopen();
        EXPECT_EQ(told(true, noon, noon + std::chrono::days{1}), expected) << sql;
    }
}

TEST_F(stores_with_digests, are_made_for_what_an_older_version_wrote) {
    for (std::uint64_t ticket = 1; ticket <= 120; ++ticket) {
        batch written;
        written.tickets = {resolved(ticket)};
        for (std::uint32_t number = 1; number <= 100; ++number)
            written.entries.push_back({ticket_id{ticket}, number, number % 2 == 0 ? "contact" : "note",
                                       noon + std::chrono::seconds{ticket * 100 + number}, R"({"intent":"a"})"});
        commit(std::move(written));
    }
    const auto expected = told(false, noon, noon + std::chrono::days{1});
    store_.reset();
    tamper(
        "DELETE FROM digests WHERE last % 3 > 0; UPDATE digests SET form = 0 WHERE first > 6000; DROP TABLE "
        "key_runs; PRAGMA user_version = 5");
    reopen();
    // Another one is being written meanwhile.
    batch written;
    written.tickets = {resolved(500)};
    written.entries = {{ticket_id{500}, 1, "contact", noon + std::chrono::days{2}, R"({"intent":"b"})"}};
    commit(std::move(written));
    (void)store_->find_key({"", ""});
    const auto covered =
        "SELECT sum(min(last, 12001) - first + 1) FROM digests WHERE form = " + std::to_string(brief_form);
    for (int tries = 0; tries < 50'000 && count(covered) < 12'001; ++tries) {
    }
    EXPECT_EQ(count(covered), 12'001);
    EXPECT_EQ(told(true, noon, noon + std::chrono::days{1}), expected);
    expect_same();
}

TEST_F(stores_with_digests, leave_nothing_in_them_of_a_ticket_that_is_erased) {
    for (std::uint64_t ticket = 1; ticket <= 3; ++ticket) {
        batch written;
        written.tickets = {resolved(ticket)};
        written.entries = {
            {ticket_id{ticket}, 1, "contact", noon, R"({"intent":"matter-of-)" + std::to_string(ticket) + "\"}"}};
        commit(std::move(written));
    }
    ASSERT_EQ(count("SELECT count(*) FROM digests WHERE instr(bytes, 'matter-of-2')"), 1);
    batch gone;
    gone.erased = {ticket_id{2}};
    commit(std::move(gone));
    EXPECT_EQ(count("SELECT count(*) FROM digests WHERE instr(bytes, 'matter-of-2')"), 0);
    EXPECT_EQ(count("SELECT count(*) FROM digests WHERE instr(bytes, 'matter-of-3')"), 1);
    expect_same();
}

}  // namespace
}  // namespace kindred::store
