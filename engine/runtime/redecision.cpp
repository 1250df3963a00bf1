#include "engine/runtime/redecision.hpp"

#include "engine/base/log.hpp"
#include "engine/runtime/board.hpp"
#include "engine/runtime/contact_of.hpp"
#include "engine/runtime/decision_record.hpp"
#include "engine/runtime/plan.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t most_tickets = 100;    // of one customer
constexpr std::size_t most_entries = 1'000;  // looked through for the contact that a ticket was decided by

bool waits(store::ticket_status status) {
    return status == store::ticket_status::waiting || status == store::ticket_status::offered;
}

/// A decision that was made for a contact, and not again for changed facts.
bool is_first_decision(const store::entry_row& entry) {
    if (entry.kind != "decision") return false;
    const auto parsed = json::document::parse(entry.json);
    return parsed && !(*parsed)["again"].exists();
}

/// The contact that opened the ticket, or opened it again.
std::optional<opening_contact> opening_of(store::store& from, ticket_id ticket) {
    const auto entries = from.entries(ticket, 0, most_entries);
    if (!entries) {
        log::error("a ticket cannot be decided again",
                   {{"ticket", to_string(ticket)}, {"err", entries.error().message}});
        return std::nullopt;
    }
    const store::entry_row* latest = nullptr;
    const store::entry_row* opening = nullptr;
    for (const auto& each : *entries) {
        if (each.kind == "contact") latest = &each;
        if (is_first_decision(each)) opening = latest;
    }
    if (opening == nullptr) return std::nullopt;
    return opening_contact{ticket, opening->json, opening->at};
}

bool says_the_same(const rules::decision& one, const rules::decision& other) {
    return one.route == other.route && one.queue == other.queue && one.head_start == other.head_start &&
           one.steps == other.steps && one.first_response == other.first_response &&
           one.next_response == other.next_response && one.resolution == other.resolution &&
           one.script == other.script && one.articles == other.articles;
}

std::vector<std::string> changed_facts(const customer& before, const customer& after, const rules::decision& was,
                                       const rules::decision& is) {
    std::vector<std::string> changed;
    const auto note = [&](bool same, std::string name) {
        if (!same) changed.push_back(std::move(name));
    };
    for (const auto& [name, held] : after.declared) {
        const auto earlier = before.declared.find(name);
        note(earlier != before.declared.end() && earlier->second.value == held.value, "customer." + name);
    }
    for (const auto& [name, held] : before.declared) note(after.declared.contains(name), "customer." + name);
    note(before.known == after.known, "customer.known");
    note(before.name == after.name, "customer.name");
    note(before.language == after.language, "customer.language");
    note(before.tags == after.tags, "customer.tags");
    for (const auto& each : is.segments)
        note(was.segment_of(each.dimension) == each.segment, "segment." + each.dimension);
    note(was.stage == is.stage, "stage");
    return changed;
}

/// A JSON object with one more member.
std::string with_member(std::string object, std::string_view name, std::string_view value) {
    object.pop_back();
    if (object.size() > 1) object += ',';
    return object + json::literal(name) + ":" + std::string(value) + "}";
}

std::string again_json(std::int64_t number, const std::vector<std::string>& changed) {
    json::writer out;
    out.begin_object().member("number", number).key("changed").begin_array();
    for (const auto& each : changed) out.value(each);
    return out.end_array().end_object().take();
}

class redecider {
public:
    redecider(step& in, const customer& before, const customer& after) : in_(in), before_(before), after_(after) {}

    void look_at(const opening_contact& opened) {
        auto* about = in_.on().tickets.find(opened.ticket);
        if (about == nullptr || about->customer != after_.id || !waits(about->status)) return;
        const auto record = record_of(*about);
        if (record.redecided >= most_redecisions) return;
        const auto* via = in_.on().channels.find(about->channel);
        const auto kind = via == nullptr ? channel_kind::api : via->kind;
        const auto& rules = rules_for(in_.on(), after_.id);
        const auto arrived = contact_from_stored(opened.json, about->channel, kind, rules, opened.at);
        const live_board board(in_.on(), in_.now());
        const auto was = rules.decide({arrived, before_, in_.now(), board});
        const auto is = rules.decide({arrived, after_, in_.now(), board});
        if (!says_the_same(was, is)) take(*about, was, is, record);
    }

private:
    void take(ticket& about, const rules::decision& was, const rules::decision& is, decision_record record) {
        auto happened = in_.try_tell(dispatch::replan{about.id, to_plan(is)});
        if (!happened) {
            // Its new queue is full or takes nothing now: the ticket waits where it is.
            log::info("a ticket keeps its decision",
                      {{"ticket", to_string(about.id)}, {"err", happened.error().message}});
            return;
        }
        about.decision = decision_summary(is);
        record.priority = is.priority;
        ++record.redecided;
        keep_record(about, record);
        const auto changed = changed_facts(before_, after_, was, is);
        in_.entry(about, "decision", with_member(rules::to_json(is), "again", again_json(record.redecided, changed)));
        in_.record(*happened);
    }

    step& in_;
    const customer& before_;
    const customer& after_;
};

}  // namespace

std::vector<opening_contact> look_up_waiting(store::store& from, customer_id whose) {
    store::ticket_filter filter;
    filter.customer = whose;
    filter.open_only = true;
    filter.limit = most_tickets;
    std::vector<opening_contact> found;
    const auto rows = from.tickets(filter);
    if (!rows) {
        log::error("a customer's tickets cannot be decided again",
                   {{"customer", to_string(whose)}, {"err", rows.error().message}});
        return found;
    }
    for (const auto& row : *rows) {
        if (!waits(row.status)) continue;
        if (auto contact = opening_of(from, row.id)) found.push_back(std::move(*contact));
    }
    return found;
}

void redecide(step& in, const customer& before, const customer& after, const std::vector<opening_contact>& known) {
    redecider decides(in, before, after);
    for (const auto& each : known) decides.look_at(each);
    for (const auto& each : in.on().opened_lately.of(after.id)) {
        const bool looked_at =
            std::any_of(known.begin(), known.end(), [&](const auto& other) { return other.ticket == each.ticket; });
        if (!looked_at) decides.look_at(each);
    }
}

}  // namespace kindred::runtime
