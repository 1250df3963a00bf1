#pragma once
#include "engine/insight/duration_series.hpp"
#include "engine/insight/placements.hpp"
#include "engine/insight/report_table.hpp"
#include "engine/insight/ticket_story.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <deque>
#include <map>

namespace kindred::insight {

/// Makes a report of the lines of tickets' histories. Lines of one ticket come in the order of their numbers, lines of
/// different tickets in the order of their time. It remembers tickets that are open, no texts of them.
class report_counter {
public:
    /// `remembers`: so many tickets that are over, too, since a ticket goes on mostly soon, and who answers its survey
    /// does so soon. Later ones are recalled, which costs as much as hundreds of lines.
    explicit report_counter(report_question asked, std::size_t remembers = 50'000);

    /// Which lines it wants, of which ones the JSON, and which ones with their ticket's channel and customer.
    std::vector<std::string> kinds() const;
    std::vector<std::string> kinds_with_json() const;
    std::vector<std::string> kinds_with_ticket() const;
    /// Lines from the first border until before this moment.
    time_point reads_until() const;

    /// Whether the lines before this one have to be recalled first: it is not the first of its ticket, and the ticket
    /// is not known or no longer.
    bool lacks_history(const history_line& line) const;
    /// An earlier line of a ticket: known, but not counted.
    void recall(const history_line& line) { follow(line, false); }
    void take(const history_line& line) { follow(line, true); }

    report_table finish();

private:
    struct cell {
        std::array<std::int64_t, 10> counts{};
        duration_series spans;
    };
    struct figured {
        time_point at;
        std::uint32_t group = 0;
    };
    struct resolved_ticket {
        customer_id customer;
        figured where;
        time_point at;  ///< the end, from which somebody comes back
        bool again = false;
    };

    bool decides_groups() const { return asked_.by >= grouping::segment; }
    bool is_span() const;
    std::vector<line_kind> wanted() const;
    bool wants_json(line_kind kind) const;
    cell* cell_at(const figured& where);
    void count(const figured& where, std::size_t column, std::int64_t times = 1);
    void measure(report which, const figured& where, duration span);
    std::uint32_t group_of(const ticket_story& of) const;

    void follow(const history_line& line, bool counts);
    void open(ticket_story& of, const history_line& line, line_kind kind, bool counts);
    void place(ticket_story& of, bool counts);
    void hold(ticket_story& of, const history_line& line, line_kind kind, bool counts);
    void queue(ticket_story& of, const history_line& line);
    void answer(ticket_story& of, const history_line& line, line_kind kind, bool counts);
    void end(ticket_story& of, const history_line& line, line_kind kind, bool counts);
    void end_resolved(ticket_story& of, const history_line& line, bool counts);
    void count_survey(const ticket_story& of, const history_line& line, line_kind kind);
    void count_answer(const figured& where, std::string_view kind, std::int64_t value);
    /// Where the report of self-service counts who came back.
    static constexpr std::size_t came_back_column = 5;
    void offer_article(ticket_story& of, const history_line& line, bool counts);
    void take_word_on_article(ticket_story& of, const history_line& line, bool counts);
    void move_article(ticket_story& of, std::uint8_t column, bool counts);
    void write_on_after_article(ticket_story& of, bool counts);
    static void add_self_service(const cell& of, std::vector<std::optional<double>>& values);
    void keep_for_a_while(ticket_id over);
    /// None of nothing.
    static std::optional<double> ratio(std::int64_t part, std::int64_t of);
    static void add_satisfaction(const cell& of, std::vector<std::optional<double>>& values);
    void count_abandoned(const ticket_story& of, time_point at);
    void read_agent(ticket_story& of, std::string_view json);
    void read_decision(ticket_story& of, std::string_view json);
    std::uint32_t group_in(std::uint32_t placement);
    void note_contact_again(customer_id whose, time_point at);
    void settle(const resolved_ticket& done);
    std::vector<std::optional<double>> values_of(cell& of) const;

    report_question asked_;
    std::size_t remembers_;
    std::vector<line_kind> wanted_;
    name_table names_;
    placement_table placements_;
    std::vector<std::uint32_t> group_in_;  ///< the group that is asked about, by placement
    std::unordered_map<std::uint32_t, std::string> agent_names_;
    boost::unordered_flat_map<std::uint64_t, ticket_story> stories_;  ///< by ticket
    std::vector<std::unordered_map<std::uint32_t, cell>> cells_;      ///< by period, then by group
    // Of re-contact: those that somebody may still write about, by their time, and those of each customer.
    std::deque<resolved_ticket> resolved_;
    std::uint64_t settled_ = 0;  ///< so many have left `resolved_`
    std::unordered_map<customer_id, std::vector<std::uint64_t>> resolved_of_;
    std::deque<ticket_id> over_lately_;  ///< those that are still remembered
};

}  // namespace kindred::insight
