#include "engine/api/journey.hpp"

#include "engine/base/text.hpp"
#include "engine/customers/merged_over_time.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/people/registers.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace kindred::api {
namespace {

constexpr std::size_t most_tickets = 100;
constexpr std::size_t most_entries = 1'000;  // of one ticket
constexpr std::size_t most_moments = 10'000;
constexpr std::size_t rows_at_once = 1'000;
constexpr std::size_t usual_steps = 50;
constexpr std::size_t most_steps = 200;

std::string_view name_of(move_cause cause) {
    switch (cause) {
        case move_cause::none: break;
        case move_cause::itself: return "itself";
        case move_cause::facts: return "facts";
        case move_cause::rules: return "rules";
        case move_cause::contact: return "contact";
    }
    return {};
}

/// Where a customer was last seen, and by which rules.
struct last_seen {
    std::map<std::string, std::string, std::less<>> groups;
    std::string ruleset;
};

/// Follows customers through what was decided and what happened, in the order of time.
class walker {
public:
    explicit walker(const std::vector<store::ticket_row>& tickets) {
        for (const auto& each : tickets) tickets_.emplace(each.id, &each);
    }

    void take(const customers::moment& happened) {
        auto& step = add(happened.at, happened.what);
        step.by = happened.by;
        step.name = happened.name;
        step.value = happened.value;
        step.reason = happened.reason;
        step.changed = happened.changed;
        step.moves = happened.moves;
        if (!step.moves.empty()) step.cause = move_cause::itself;
        merged_.take(happened);
        auto& seen = seen_[happened.about];
        for (const auto& each : happened.moves) seen.groups[each.dimension] = each.to;
    }

    void take(const store::entry_row& line) {
        const auto about = tickets_.find(line.ticket);
        const auto parsed = json::document::parse(line.json);
        if (about == tickets_.end() || !parsed) return;
        if (line.kind == "decision") return decided(*about->second, line, parsed->root());
        auto& step = add(line.at, line.kind);
        of_ticket(step, *about->second, line);
        if (line.kind == "contact") {
            const bool opens = opened_.emplace(line.ticket, steps_.size() - 1).second;
            if (opens) step.subject = about->second->subject;
        }
        step.value = (*parsed)["disposition"].text();
        step.by = (*parsed)["agent"]["name"].text();
    }

    std::vector<journey_step> finish() { return std::move(steps_); }

private:
    journey_step& add(time_point at, std::string_view what) {
        auto& step = steps_.emplace_back();
        step.at = at;
        step.what = what;
        return step;
    }
    static void of_ticket(journey_step& step, const store::ticket_row& about, const store::entry_row& line) {
        step.ticket = to_string(about.id);
        step.entry = line.number;
        step.channel = about.channel;
    }

    void decided(const store::ticket_row& about, const store::entry_row& line, json::value said) {
        auto& seen = seen_[merged_.goes_on_as(about.customer)];
        std::vector<customers::group_move> moves;
        const auto note = [&](std::string_view dimension, std::string_view group) {
            if (group.empty()) return;
            auto& held = seen.groups[std::string(dimension)];
            if (!held.empty() && held != group) moves.push_back({std::string(dimension), held, std::string(group)});
            held = group;
        };
        said["segments"].for_each_member(
            [&](std::string_view dimension, json::value each) { note(dimension, each.text()); });
        note("stage", said["stage"].text());
        const auto ruleset = std::string(said["ruleset"].text());
        const bool by_rules = !seen.ruleset.empty() && seen.ruleset != ruleset;
        seen.ruleset = ruleset;
        if (moves.empty()) return;
        const bool again = said["again"].exists();
        const auto opening = opened_.find(line.ticket);
        // The contact stands right before the decision that it led to.
        const bool of_contact = !again && opening != opened_.end();
        auto& step = of_contact ? steps_[opening->second] : add(line.at, "decision");
        if (!of_contact) of_ticket(step, about, line);
        said["again"]["changed"].for_each([&](json::value each) { step.changed.emplace_back(each.text()); });
        step.moves = std::move(moves);
        step.cause = again ? move_cause::facts : by_rules ? move_cause::rules : move_cause::contact;
    }

    std::map<ticket_id, const store::ticket_row*> tickets_;
    std::map<ticket_id, std::size_t> opened_;  ///< the places of the contacts that opened them
    std::map<customer_id, last_seen> seen_;
    customers::merged_over_time merged_;
    std::vector<journey_step> steps_;
};

void write_step(json::writer& out, const journey_step& step) {
    out.begin_object().member("at", to_rfc3339(step.at)).member("what", step.what).member_if("ticket", step.ticket);
    if (step.entry > 0) out.member("entry", step.entry);
    out.member_if("channel", step.channel).member_if("subject", step.subject).member_if("by", step.by);
    out.member_if("name", step.name).member_if("value", step.value).member_if("reason", step.reason);
    if (!step.changed.empty()) {
        out.key("changed").begin_array();
        for (const auto& each : step.changed) out.value(each);
        out.end_array();
    }
    if (step.cause != move_cause::none) {
        out.key("moves").begin_array();
        for (const auto& each : step.moves) {
            out.begin_object().member("dimension", each.dimension).member("from", each.from);
            out.member("to", each.to).end_object();
        }
        out.end_array().member("cause", name_of(step.cause));
    }
    out.end_object();
}

result<void> read_moments(store::store& from, customer_id whose, std::vector<customers::moment>& into) {
    std::string after;
    while (into.size() < most_moments) {
        const auto rows = from.kept(runtime::moment_rows, customers::key_prefix_of_moments(whose), after, rows_at_once);
        if (!rows) return rows.error();
        for (const auto& row : *rows) {
            auto read = customers::moment_from_json(row.bytes);
            if (!read) return read.error();
            into.push_back(std::move(*read));
        }
        if (rows->size() < rows_at_once) return {};
        after = rows->back().id;
    }
    return {};
}

result<journey_sources> read_sources(store::store& from, const customer& who) {
    journey_sources made;
    store::ticket_filter filter;
    filter.customers = who.merged_from;
    filter.customers.push_back(who.id);
    filter.limit = most_tickets;
    auto tickets = from.tickets(filter);
    if (!tickets) return tickets.error();
    made.tickets = std::move(*tickets);
    for (const auto& each : made.tickets) {
        const auto lines = from.entries(each.id, 0, most_entries);
        if (!lines) return lines.error();
        for (const auto& line : *lines)
            if (line.kind == "contact" || line.kind == "decision" || line.kind == "resolved" || line.kind == "reopened")
                made.entries.push_back(line);
    }
    for (const auto id : filter.customers)
        if (auto read = read_moments(from, id, made.moments); !read) return read.error();
    return made;
}

/// A whole number from 1 to `most`; `usual` where none is given.
result<std::size_t> limit_of(const call& asked) {
    const auto given = asked.query_parameter("limit");
    if (!given) return usual_steps;
    const auto read = parse_number(*given);
    if (!read || *read < 1 || *read > most_steps) return fail(errc::invalid, "limit: wants a number from 1 to 200");
    return static_cast<std::size_t>(*read);
}

result<std::optional<time_point>> before_of(const call& asked) {
    const auto given = asked.query_parameter("before");
    if (!given) return std::optional<time_point>{};
    const auto read = parse_time(*given);
    if (!read) return fail(errc::invalid, "before: wants a time, e.g. 2026-12-31T00:00:00Z");
    return read;
}

}  // namespace

std::vector<journey_step> journey_of(journey_sources from) {
    std::sort(from.entries.begin(), from.entries.end(), [](const auto& a, const auto& b) {
        return std::tie(a.at, a.ticket, a.number) < std::tie(b.at, b.ticket, b.number);
    });
    std::stable_sort(from.moments.begin(), from.moments.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    walker walks(from.tickets);
    auto next = from.moments.begin();
    for (const auto& line : from.entries) {
        // Facts change before what is decided by them.
        for (; next != from.moments.end() && next->at <= line.at; ++next) walks.take(*next);
        walks.take(line);
    }
    for (; next != from.moments.end(); ++next) walks.take(*next);
    return walks.finish();
}

void show_journey(runtime::site& site, const call& asked) {
    const auto id = asked.id<customer_id>();
    if (!id) return asked.send(id.error());
    const auto limit = limit_of(asked);
    if (!limit) return asked.send(limit.error());
    const auto before = before_of(asked);
    if (!before) return asked.send(before.error());
    const auto row = runtime::who_goes_on(site.durable(), *id);
    if (!row) return asked.send(row.error());
    const auto who = customer_from_json(row->id, row->version, row->json);
    if (!who) return asked.send(who.error());
    auto sources = read_sources(site.durable(), *who);
    if (!sources) return asked.send(sources.error());
    const bool all_tickets = sources->tickets.size() < most_tickets;
    auto steps = journey_of(std::move(*sources));
    if (*before) std::erase_if(steps, [&](const auto& each) { return each.at >= **before; });
    std::stable_sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    // Whoever asks for what was before this asks by its time: of one moment nothing is left behind.
    auto first = steps.size() > *limit ? steps.size() - *limit : 0;
    while (first > 0 && steps[first - 1].at == steps[first].at) --first;
    json::writer out;
    out.begin_object().member("customer", to_string(who->id)).member("met_at", to_rfc3339(who->created_at));
    out.key("journey").begin_array();
    for (auto place = steps.size(); place > first; --place) write_step(out, steps[place - 1]);
    out.end_array();
    if (first > 0) out.member("next_before", to_rfc3339(steps[first].at));
    if (!all_tickets) out.member("latest_tickets", most_tickets);
    asked.send(http::response::json(200, out.end_object().take()));
}

}  // namespace kindred::api
