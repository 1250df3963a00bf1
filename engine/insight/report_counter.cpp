#include "engine/insight/report_counter.hpp"

#include "engine/base/json_glance.hpp"

#include <algorithm>

namespace kindred::insight {
namespace {

// The columns of the reports that count, as report_question.cpp names them.
enum volume_column : std::uint8_t { contacts, opened, reopened, resolved, closed, abandoned };
enum level_column : std::uint8_t { answered, answered_within, given_up, given_up_within };
enum again_column : std::uint8_t { settled, contacted_again, too_recent };
enum hand_off_column : std::uint8_t { tickets, handed_over, transfers, consults, requeues };

/// So long the links beside an article hold.
constexpr duration article_answers_take = std::chrono::days{14};

std::optional<double> seconds(duration span) { return static_cast<double>(span.count()) / 1000; }

}  // namespace

report_counter::report_counter(report_question asked, std::size_t remembers)
    : asked_(std::move(asked)), remembers_(remembers), wanted_(wanted()), cells_(asked_.borders.size() - 1) {}

bool report_counter::is_span() const {
    return asked_.which == report::waits || asked_.which == report::first_response ||
           asked_.which == report::resolution;
}

std::vector<line_kind> report_counter::wanted() const {
    using enum line_kind;
    std::vector<line_kind> kinds{contact, outbound, reopened, queued, assigned, merged, resolved, abandoned, removed};
    const auto which = asked_.which;
    const bool waits = which == report::waits || which == report::service_level;
    if (decides_groups()) kinds.push_back(decision);
    if (waits || asked_.by == grouping::agent || which == report::self_service) kinds.push_back(accepted);
    if (waits) kinds.push_back(snoozed);
    if (which == report::first_response) kinds.insert(kinds.end(), {reply, connecting});
    if (which == report::hand_offs) kinds.push_back(consult);
    if (which == report::satisfaction) kinds.insert(kinds.end(), {survey, survey_answer});
    if (which == report::self_service) kinds.insert(kinds.end(), {reply, self_service});
    return kinds;
}

bool report_counter::wants_json(line_kind kind) const {
    const bool by_agent = asked_.by == grouping::agent;
    const bool hands_off = asked_.which == report::hand_offs;
    // Reading JSON is a good part of the work: the reports of waits and replies do not ask how a ticket ended.
    const bool counts_ends = asked_.which == report::volume || asked_.which == report::resolution ||
                             asked_.which == report::re_contact || hands_off;
    switch (kind) {
        case line_kind::queued: return asked_.by == grouping::queue || hands_off;
        case line_kind::accepted: return by_agent;
        case line_kind::assigned: return by_agent || hands_off;
        case line_kind::connecting: return by_agent;
        case line_kind::reply:
        case line_kind::survey:
        case line_kind::survey_answer:
        case line_kind::self_service:
        case line_kind::decision: return true;
        case line_kind::merged: return counts_ends;
        case line_kind::resolved: return counts_ends || (by_agent && asked_.which == report::satisfaction);
        default: return false;
    }
}

std::vector<std::string> report_counter::kinds() const {
    std::vector<std::string> names;
    for (const auto kind : wanted_) names.emplace_back(name_of(kind));
    return names;
}

std::vector<std::string> report_counter::kinds_with_json() const {
    std::vector<std::string> names;
    for (const auto kind : wanted_)
        if (wants_json(kind)) names.emplace_back(name_of(kind));
    return names;
}

std::vector<std::string> report_counter::kinds_with_ticket() const {
    const bool by_customer = asked_.which == report::re_contact || asked_.which == report::self_service;
    if (asked_.by != grouping::channel && !by_customer) return {};
    return {std::string(name_of(line_kind::contact)), std::string(name_of(line_kind::outbound))};
}

time_point report_counter::reads_until() const {
    // An article is answered, and somebody comes back, after the time that is asked about.
    if (asked_.which == report::self_service) return asked_.borders.back() + article_answers_take + asked_.within;
    return asked_.borders.back() + (asked_.which == report::re_contact ? asked_.within : duration{0});
}

bool report_counter::lacks_history(const history_line& line) const {
    return line.number > 1 && !stories_.contains(line.ticket.value);
}

report_counter::cell* report_counter::cell_at(const figured& where) {
    const auto& borders = asked_.borders;
    if (where.at < borders.front() || where.at >= borders.back()) return nullptr;
    const auto after = std::upper_bound(borders.begin(), borders.end(), where.at);
    return &cells_.at(static_cast<std::size_t>(after - borders.begin()) - 1)[where.group];
}

void report_counter::count(const figured& where, std::size_t column, std::int64_t times) {
    if (auto* found = cell_at(where)) found->counts.at(column) += times;
}

void report_counter::measure(report which, const figured& where, duration span) {
    if (asked_.which != which) return;
    if (auto* found = cell_at(where)) found->spans.add(span);
}

std::uint32_t report_counter::group_of(const ticket_story& of) const {
    switch (asked_.by) {
        case grouping::none: return 0;
        case grouping::channel: return of.channel;
        case grouping::queue: return of.queue;
        case grouping::agent: return of.agent;
        case grouping::segment:
        case grouping::stage:
        case grouping::route:
        case grouping::article:
        case grouping::script: return of.decided;
    }
    return 0;
}

void report_counter::follow(const history_line& line, bool counts) {
    const auto kind = line_kind_named(line.kind);
    if (!kind || std::find(wanted_.begin(), wanted_.end(), *kind) == wanted_.end()) return;
    auto& of = stories_[line.ticket.value];
    switch (*kind) {
        case line_kind::contact:
        case line_kind::outbound:
        case line_kind::reopened: return open(of, line, *kind, counts);
        case line_kind::decision: return read_decision(of, line.json);
        case line_kind::queued: queue(of, line); return place(of, counts);
        case line_kind::accepted:
        case line_kind::assigned: return hold(of, line, *kind, counts);
        case line_kind::snoozed: of.waiting = false; return;
        case line_kind::self_service: return take_word_on_article(of, line, counts);
        case line_kind::reply:
            if (asked_.which == report::self_service) return offer_article(of, line, counts);
            [[fallthrough]];
        case line_kind::connecting: return answer(of, line, *kind, counts);
        case line_kind::consult: ++of.consults; return;
        case line_kind::merged: of.merging = of.merging || json::glance(line.json, "into").has_value(); return;
        case line_kind::survey:
        case line_kind::survey_answer:
            if (!counts) return;
            count_survey(of, line, *kind);
            if (of.over) keep_for_a_while(line.ticket);
            return;
        case line_kind::resolved:
        case line_kind::abandoned:
        case line_kind::removed: break;
    }
    const auto holder = of.agent;
    end(of, line, *kind, counts);
    // Who resolved it is whose resolution it is, and who is asked about in its survey; it goes on from who had it.
    if (asked_.which != report::satisfaction) of.agent = holder;
    of.waiting = of.merging = false;
    of.article_stands_in = 0;
    of.over = true;
    // What is being recalled goes on now.
    if (counts) keep_for_a_while(line.ticket);
}

/// Where the ticket goes is known only some lines further on: until then what is to be counted waits.
void report_counter::open(ticket_story& of, const history_line& line, line_kind kind, bool counts) {
    if (of.channel == 0 && !line.channel.empty()) of.channel = names_.number_of(line.channel);
    if (line.customer) of.customer = line.customer;
    const bool first = line.number == 1;
    const bool begins = first || kind != line_kind::contact;
    if (begins) {
        of.over = false;
        of.opened_at = line.at;
        of.placed = false;
        of.transfers = of.consults = of.requeues = 0;
    }
    if (kind == line_kind::outbound && first) of.answered = true;
    const bool notes_again = asked_.which == report::re_contact || asked_.which == report::self_service;
    if (kind == line_kind::contact && counts && notes_again) note_contact_again(of.customer, line.at);
    if (kind == line_kind::contact) write_on_after_article(of, counts);
    if (!counts) return;
    of.uncounted_since = line.at;
    if (kind == line_kind::contact) ++of.contacts_to_count;
    if (begins) (first ? of.opening_to_count : of.reopening_to_count) = true;
    if (of.placed) place(of, counts);
}

void report_counter::place(ticket_story& of, bool counts) {
    of.placed = true;
    if (counts && asked_.which == report::volume) {
        const figured where{of.uncounted_since, group_of(of)};
        if (of.contacts_to_count > 0) count(where, contacts, of.contacts_to_count);
        if (of.opening_to_count) count(where, opened);
        if (of.reopening_to_count) count(where, reopened);
    }
    of.contacts_to_count = 0;
    of.opening_to_count = of.reopening_to_count = false;
}

void report_counter::queue(ticket_story& of, const history_line& line) {
    of.agent = 0;
    if (!of.waiting) of.waiting_since = line.at;
    of.waiting = true;
    if (line.json.empty()) return;
    of.queue = names_.number_of(json::glance_text(line.json, "queue"));
    const auto because = json::glance_text(line.json, "because");
    if (because == "transferred") ++of.transfers;
    if (because == "replanned" || because == "woken") ++of.requeues;
}

void report_counter::hold(ticket_story& of, const history_line& line, line_kind kind, bool counts) {
    of.article_stands_in = 0;
    read_agent(of, line.json);
    if (kind == line_kind::assigned && asked_.which == report::hand_offs) {
        const bool taken = json::glance(line.json, "taken_from").has_value();
        if (taken || json::glance_text(line.json, "because") == "consulted") ++of.transfers;
    }
    place(of, counts);
    if (!of.waiting) return;
    of.waiting = false;
    if (!counts) return;
    const figured where{line.at, group_of(of)};
    const auto waited = line.at - of.waiting_since;
    measure(report::waits, where, waited);
    if (asked_.which != report::service_level) return;
    count(where, answered);
    if (waited <= asked_.within) count(where, answered_within);
}

void report_counter::answer(ticket_story& of, const history_line& line, line_kind kind, bool counts) {
    if (of.answered) return;
    if (kind == line_kind::reply && json::glance(line.json, "automatic") == "true") return;
    of.answered = true;
    read_agent(of, line.json);
    if (counts) measure(report::first_response, {line.at, group_of(of)}, line.at - of.opened_at);
}

void report_counter::end(ticket_story& of, const history_line& line, line_kind kind, bool counts) {
    place(of, counts);
    if (kind == line_kind::resolved) return end_resolved(of, line, counts);
    if (!counts) return;
    if (kind == line_kind::abandoned) return count_abandoned(of, line.at);
    if (asked_.which == report::volume) count({line.at, group_of(of)}, closed);
}

void report_counter::end_resolved(ticket_story& of, const history_line& line, bool counts) {
    if (asked_.which == report::satisfaction) return read_agent(of, line.json);
    if (!counts || line.json.empty()) return;
    read_agent(of, line.json);
    const bool by_somebody = json::glance(line.json, "agent").has_value();
    const auto disposition = json::glance_text(line.json, "disposition");
    const bool refused = !by_somebody && (disposition == "queue_closed" || disposition == "self_service");
    const bool worked_on = !of.merging && !refused;
    const figured where{line.at, group_of(of)};
    if (asked_.which == report::volume) return count(where, worked_on ? resolved : closed);
    if (!worked_on) return;
    measure(report::resolution, where, line.at - of.opened_at);
    if (asked_.which == report::hand_offs) {
        count(where, tickets);
        if (of.transfers > 0) count(where, handed_over);
        count(where, transfers, of.transfers);
        count(where, consults, of.consults);
        count(where, requeues, of.requeues);
    }
    if (asked_.which != report::re_contact || line.at >= asked_.borders.back()) return;
    if (line.at + asked_.within > asked_.now) return count(where, too_recent);
    if (of.customer) resolved_of_[of.customer].push_back(settled_ + resolved_.size());
    resolved_.push_back({of.customer, where, where.at});
}

void report_counter::count_abandoned(const ticket_story& of, time_point at) {
    const figured where{at, group_of(of)};
    if (asked_.which == report::volume) count(where, abandoned);
    if (asked_.which != report::service_level || !of.waiting) return;
    count(where, given_up);
    if (at - of.waiting_since <= asked_.within) count(where, given_up_within);
}

void report_counter::read_agent(ticket_story& of, std::string_view json) {
    if (asked_.by != grouping::agent || json.empty()) return;
    const auto who = json::glance(json, "agent");
    if (!who) return;
    of.agent = names_.number_of(json::glance_text(*who, "id"));
    agent_names_[of.agent] = json::glance_text(*who, "name");
}

void report_counter::read_decision(ticket_story& of, std::string_view json) {
    switch (asked_.by) {
        case grouping::segment:
        case grouping::stage:
            if (const auto placed = placements_.number_of(json)) of.decided = group_in(*placed);
            break;
        case grouping::route: of.decided = names_.number_of(json::glance_text(json, "route")); break;
        case grouping::script:
            of.decided = names_.number_of(json::glance_text(json::glance(json, "script").value_or(""), "id"));
            break;
        default: break;
    }
}

std::uint32_t report_counter::group_in(std::uint32_t placement) {
    for (auto next = static_cast<std::uint32_t>(group_in_.size()); next < placements_.size(); ++next) {
        const bool by_stage = asked_.by == grouping::stage;
        const bool known = by_stage || asked_.dimension != placement_table::stage;
        const auto name = placements_.in(next, by_stage ? placement_table::stage : asked_.dimension);
        group_in_.push_back(known ? names_.number_of(name) : 0);
    }
    return group_in_[placement];
}

void report_counter::note_contact_again(customer_id whose, time_point at) {
    while (!resolved_.empty() && resolved_.front().at + asked_.within < at) {
        settle(resolved_.front());
        resolved_.pop_front();
        ++settled_;
    }
    const auto known = resolved_of_.find(whose);
    if (known == resolved_of_.end()) return;
    for (const auto number : known->second)
        if (number >= settled_) resolved_.at(number - settled_).again = true;
    resolved_of_.erase(known);
}

void report_counter::settle(const resolved_ticket& done) {
    const bool of_articles = asked_.which == report::self_service;
    if (!of_articles) count(done.where, settled);
    if (done.again) count(done.where, of_articles ? came_back_column : contacted_again);
    const auto known = resolved_of_.find(done.customer);
    if (known == resolved_of_.end()) return;
    std::erase_if(known->second, [&](std::uint64_t number) { return number <= settled_; });
    if (known->second.empty()) resolved_of_.erase(known);
}

std::optional<double> report_counter::ratio(std::int64_t part, std::int64_t of) {
    if (of == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(of);
}

std::vector<std::optional<double>> report_counter::values_of(cell& of) const {
    const auto& counts = of.counts;
    std::vector<std::optional<double>> values;
    if (is_span()) {
        const auto many = of.spans.count();
        values.emplace_back(static_cast<double>(many));
        if (many == 0) values.resize(6);
        if (many == 0) return values;
        values.emplace_back(of.spans.mean() / 1000);
        for (const int percent : {50, 90, 95}) values.push_back(seconds(of.spans.percentile(percent)));
        values.push_back(seconds(of.spans.longest()));
        return values;
    }
    const auto columns = describe(asked_.which).columns;
    for (std::size_t i = 0; i < columns.size() && columns[i].in == unit::count; ++i)
        values.emplace_back(static_cast<double>(counts.at(i)));
    if (asked_.which == report::service_level)
        values.push_back(ratio(counts[answered_within], counts[answered] + counts[given_up]));
    if (asked_.which == report::re_contact) values.push_back(ratio(counts[contacted_again], counts[settled]));
    if (asked_.which == report::hand_offs)
        for (const auto each : {transfers, consults, requeues}) values.push_back(ratio(counts[each], counts[tickets]));
    if (asked_.which == report::satisfaction) add_satisfaction(of, values);
    if (asked_.which == report::self_service) add_self_service(of, values);
    return values;
}

report_table report_counter::finish() {
    for (auto& [id, of] : stories_) place(of, true);
    for (; !resolved_.empty(); ++settled_) {
        settle(resolved_.front());
        resolved_.pop_front();
    }
    report_table made;
    for (std::size_t period = 0; period < cells_.size(); ++period) {
        auto& groups = cells_[period];
        if (asked_.by == grouping::none) (void)groups[0];
        std::map<std::string, std::uint32_t> sorted;
        for (const auto& [group, figures] : groups) sorted.emplace(names_.name(group), group);
        for (const auto& [name, group] : sorted) {
            report_row row{asked_.borders[period], asked_.borders[period + 1], name, {}, {}};
            if (const auto called = agent_names_.find(group); called != agent_names_.end()) row.name = called->second;
            row.values = values_of(groups[group]);
            made.rows.push_back(std::move(row));
        }
        groups = {};
    }
    made.asked = std::move(asked_);
    return made;
}

}  // namespace kindred::insight
