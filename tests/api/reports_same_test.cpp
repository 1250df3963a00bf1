#include "engine/api/group_report.hpp"
#include "engine/api/manual_report.hpp"
#include "engine/api/report_source.hpp"
#include "engine/api/segment_findings.hpp"
#include "engine/store/memory/memory.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <stdexcept>

namespace kindred::api {
namespace {

const auto begin = *parse_time("2026-11-20T00:00:00Z");
const auto end = begin + std::chrono::days{4};

rules::ruleset some_rules() {
    return *rules::load(
                {{"profile.yaml", "customer:\n  orders: { type: integer, default: 0 }\n  first: { type: time }\n"},
                 {"queues.yaml", "queues: { general: {} }\n"},
                 {"routing.yaml", "routes: []\nfallback: { queue: general }\n"},
                 {"segments.yaml",
                  "segments:\n  value:\n    groups:\n      - { name: vip, when: { customer.orders: { at_least: 5 } } "
                  "}\n"
                  "      - { name: regular }\n"},
                 {"stages.yaml",
                  "stages:\n  - { name: new }\n  - { name: old, when: { customer.first: { older_than: 30d } } }\n"}})
                .rules;
}

class folder_of_its_own {
public:
    folder_of_its_own() {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
    }
    ~folder_of_its_own() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    folder_of_its_own(const folder_of_its_own&) = delete;
    folder_of_its_own& operator=(const folder_of_its_own&) = delete;
    std::string file(const char* name) const { return path_ + '/' + name; }

private:
    std::string path_ = std::filesystem::temp_directory_path() / "kindred-reports-XXXXXX";
};

/// The same history in two stores: in memory, where all of it is read as it was written, and on disk, where reports
/// read digests. People are merged and erased in it, tickets are opened again and erased, lines are written anew,
/// surveys are answered when nobody thinks of them any more.
class same_history {
public:
    explicit same_history(std::uint64_t seed) : random_(seed) {
        options_.path = folder_.file("store.db");
        options_.sync = store::sync_level::off;
        disk_ = store::open_sqlite(options_).value();
        (void)disk_->load([](store::ticket_row&&) {}).value();
        for (std::uint64_t number = 1; number <= people; ++number) keep(number, {});
        for (std::uint64_t step = 0; step < 250; ++step) happen();
    }

    store::store& memory() { return *memory_; }
    store::store& disk() { return *disk_; }

private:
    static constexpr std::uint64_t people = 40;

    std::uint64_t below(std::uint64_t to) { return random_() % to; }
    std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

    void keep(std::uint64_t number, std::optional<merge_record> merged, bool erased = false) {
        customer who;
        who.id = customer_id{number};
        who.declared["orders"].value = static_cast<std::int64_t>(number % 9);
        who.declared["first"].value = end - std::chrono::days{20 + number % 16};
        if (number % 3 == 0) who.satisfaction = 1 + static_cast<double>(number % 5);
        who.merged = std::move(merged);
        if (erased) who.erased_at = end;
        written_.customers.push_back({who.id, ++versions_[number], "", to_json(who)});
    }

    store::ticket_row row_of(std::uint64_t ticket) {
        store::ticket_row row;
        row.id = ticket_id{ticket};
        row.status = store::ticket_status::resolved;
        row.customer = customer_id{whose_.at(ticket)};
        row.channel = ticket % 3 == 0 ? "mail" : "chat";
        row.entries = static_cast<std::uint32_t>(lines_[ticket].size());
        return row;
    }

    void line(std::uint64_t ticket, std::string kind, std::string json) {
        now_ += duration{static_cast<std::int64_t>(below(200'000))};
        auto& history = lines_[ticket];
        history.push_back({ticket_id{ticket}, static_cast<std::uint32_t>(history.size() + 1), std::move(kind), now_,
                           std::move(json)});
        written_.entries.push_back(history.back());
    }

    std::string contact() {
        return R"({"text":"Where is \"intent\":\"x\"?",)" + pick({"", R"("locale":"es-MX",)"}) +
               R"("understood":{"language":"en","intent":")" + pick({"refund", "setup"}) + "\"}}";
    }
    std::string decision() {
        return R"({"route":"r","queue":"general","steps":[{"require":{}}],"script":)" +
               pick({"null", R"({"id":"s"})", R"({"id":"s","language":"en"})"}) + R"(,"articles":[)" +
               pick({"", R"({"id":"a","language":"es"})", R"({"id":"a"},{"id":"b","language":"en"})"}) +
               R"(],"segments":{"value":")" + pick({"vip", "regular"}) + R"("},"stage":")" + pick({"new", "old"}) +
               R"(","pinned":[],"facts":{"contact.text":{"value":"words"}}})";
    }
    std::string answer() {
        return R"({"first":true,"answers":[{"question":"csat","kind":"csat","value":)" + std::to_string(1 + below(5)) +
               R"(},{"question":"loves","kind":"preference","choice":")" + pick({"light", "price"}) +
               R"("},{"question":"why","kind":"text","text":"words"}]})";
    }
    static std::string agent() { return R"({"agent":{"id":"7","name":"Ann"}})"; }

    void work(std::uint64_t ticket) {
        line(ticket, "contact", contact());
        line(ticket, "decision", decision());
        line(ticket, "queued", R"({"queue":"general","because":"enqueued"})");
        if (below(9) == 0) return line(ticket, "abandoned", "{}");
        line(ticket, "offered", agent());
        line(ticket, "accepted", agent());
        if (below(12) == 0) line(ticket, "merged", R"({"into":"1"})");
        line(ticket, "reply", R"({"text":"words","agent":{"id":"7","name":"Ann"}})");
        if (below(10) != 0) line(ticket, "resolved", R"({"disposition":"solved","agent":{"id":"7","name":"Ann"}})");
    }

    void happen() {
        const auto some =
            whose_.empty() ? 0 : std::next(whose_.begin(), static_cast<std::ptrdiff_t>(below(whose_.size())))->first;
        switch (below(12)) {
            case 0:
                if (some == 0) break;
                line(some, "reopened", "{}");
                work(some);
                written_.tickets.push_back(row_of(some));
                break;
            case 1:
                if (some == 0) break;
                line(some, "survey_answer", answer());
                written_.tickets.push_back(row_of(some));
                break;
            case 2: {  // somebody goes on as somebody else, and so do the tickets
                const auto gone = 1 + below(people);
                const auto into = gone % people + 1;
                keep(gone, merge_record{customer_id{into}, "ann", "", now_, {}, {}, {}, false, false, false});
                for (auto& [ticket, whose] : whose_) {
                    if (whose != gone) continue;
                    whose = into;
                    written_.tickets.push_back(row_of(ticket));
                }
                break;
            }
            case 3:
                if (some == 0 || below(2) == 0) break;
                written_.erased.push_back(ticket_id{some});
                whose_.erase(some);
                lines_.erase(some);
                break;
            case 4: keep(1 + below(people), {}, true); break;
            case 5: {  // an edited message, or one whose words are over
                if (some == 0) break;
                for (auto& each : lines_[some])
                    if (each.kind == "contact") {
                        each.json = contact();
                        written_.entries.push_back(each);
                    }
                break;
            }
            default: {
                const auto ticket = ++newest_;
                whose_[ticket] = 1 + below(people);
                work(ticket);
                written_.tickets.push_back(row_of(ticket));
            }
        }
        written_.id.number = ++batches_;
        EXPECT_EQ(memory_->commit(written_).state, store::commit_state::committed);
        EXPECT_EQ(disk_->commit(written_).state, store::commit_state::committed);
        written_ = {};
    }

    std::mt19937_64 random_;
    folder_of_its_own folder_;
    store::sqlite_options options_;
    std::unique_ptr<store::store> memory_ = store::make_memory_store();
    std::unique_ptr<store::store> disk_;
    store::batch written_;
    std::uint64_t batches_ = 0;
    std::uint64_t newest_ = 0;
    time_point now_ = begin;
    std::map<std::uint64_t, std::uint64_t> versions_;
    std::map<std::uint64_t, std::uint64_t> whose_;
    std::map<std::uint64_t, std::vector<store::entry_row>> lines_;
};

TEST(reports, say_the_same_by_digests_as_by_histories) {
    const auto rules = some_rules();
    const std::vector<form_field> period{{"from", to_rfc3339(begin + std::chrono::hours{8})},
                                         {"until", to_rfc3339(end)}};
    std::int64_t tickets = 0;
    std::int64_t shown = 0;
    std::int64_t gaps = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        same_history told(seed);
        for (const bool stages : {true, false}) {
            const auto made = [&](store::store& from) {
                insight::segment_study study;
                const auto question = read_group_question(stages, period, end).value();
                const auto report = make_group_report(from, rules, question, end, stages ? nullptr : &study).value();
                const auto statistics = study.finish({});
                tickets += statistics.tickets;
                // By itself, as the command asks for it.
                const auto alone = study_segments(from, question.from, question.until).value();
                if (!stages) EXPECT_EQ(insight::to_json(alone.finish({})), insight::to_json(statistics));
                return to_format(report) + insight::to_json(statistics);
            };
            ASSERT_EQ(made(told.disk()), made(told.memory())) << seed;
        }
        const auto manual = [&](store::store& from) {
            const auto used = follow_texts(from, begin + std::chrono::hours{8}, end, nullptr).value();
            shown += used.texts().empty() ? 0 : used.texts().front().shown;
            gaps += static_cast<std::int64_t>(used.gaps().size());
            return texts_in(insight::report_format::csv, used) + gaps_in(insight::report_format::csv, used);
        };
        ASSERT_EQ(manual(told.disk()), manual(told.memory())) << seed;
        for (const auto& each : insight::all_reports())
            for (const auto* by : {"", "channel", "queue", "agent", "segment.value", "stage", "route", "script"}) {
                auto fields = period;
                fields.push_back({"by", by});
                fields.push_back({"every", "day"});
                const auto question = insight::read_report_question(each.name, fields, end).value();
                ASSERT_EQ(insight::to_json(make_report(told.disk(), question).value()),
                          insight::to_json(make_report(told.memory(), question).value()))
                    << seed << ' ' << each.name << ' ' << by;
            }
    }
    EXPECT_GT(tickets, 1000);
    EXPECT_GT(shown, 500);
    EXPECT_GT(gaps, 200);
}

}  // namespace
}  // namespace kindred::api
