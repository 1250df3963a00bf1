#include "engine/runtime/tickets/redecision.hpp"

#include "engine/base/log.hpp"
#include "engine/routing/plan.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/runtime/desks/board.hpp"
#include "engine/runtime/people/moments.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/kept_priority.hpp"

#include <algorithm>
#include <functional>

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
    std::optional<opening_contact> opening;
    for (const auto& each : *entries) {
        if (each.kind == "contact") {
            latest = &each;
            if (opening) opening->later.push_back(each.json);
        }
        if (is_first_decision(each) && latest != nullptr)
            opening = opening_contact{ticket, latest->json, latest->at, {}};
    }
    return opening;
}

/// Mixes values into one number, in order.
class digester {
public:
    void add(std::uint64_t value) { mixed_ = (mixed_ ^ value) * 0x9E3779B97F4A7C15ULL ^ mixed_ >> 29U; }
    void add(std::string_view text) { add(std::hash<std::string_view>{}(text)); }
    void add(duration span) { add(static_cast<std::uint64_t>(span.count())); }
    void add(const std::optional<duration>& span) {
        add(std::uint64_t{span.has_value()});
        add(span.value_or(duration{}));
    }
    void add(const rules::chosen_text& text) {
        add(text.id);
        add(text.language);
    }
    std::uint64_t number() const { return mixed_ == 0 ? 1 : mixed_; }

private:
    std::uint64_t mixed_ = 0xCBF29CE484222325ULL;
};

/// Whether the rules decide the same with what was added to the contact as without it. False: perhaps not.
bool says_nothing_new(const rules::ruleset& by, said_lately::said& before, const contact& added) {
    const auto& words = by.compiled().contact_words;
    if (before.heard_by != by.hash()) {
        before.heard = {};
        (void)words.hear(before.heard, before.whole.text);
        before.heard_by = by.hash();
    }
    if (words.hear(before.heard, added.text)) return false;
    const auto goes_on = [](const std::string& was, const std::string& is) { return is.empty() || is == was; };
    return added.attachments == 0 && goes_on(before.whole.language, added.language) &&
           goes_on(before.whole.intent, added.intent) && std::ranges::all_of(added.declared, [&](const auto& each) {
               if (each.second.source == "default") return true;
               const auto earlier = before.whole.declared.find(each.first);
               return earlier != before.whole.declared.end() && earlier->second.value == each.second.value;
           });
}

bool says_the_same(const rules::decision& one, const rules::decision& other) {
    return digest_of(one) == digest_of(other);
}

/// What moved a decision, facts first.
std::vector<std::string> what_changed(const customer& before, const customer& after, const rules::decision& was,
                                      const rules::decision& is) {
    auto changed = changed_facts(before, after);
    for (const auto& each : is.segments)
        if (was.segment_of(each.dimension) != each.segment) changed.push_back("segment." + each.dimension);
    if (was.stage != is.stage) changed.emplace_back("stage");
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

/// What is said later is added to what was said before.
void add_to(contact& whole, const contact& added) {
    if (!added.text.empty()) whole.text += (whole.text.empty() ? "" : "\n") + added.text;
    if (!added.language.empty()) whole.language = added.language;
    if (!added.intent.empty()) whole.intent = added.intent;
    whole.attachments += added.attachments;
    for (const auto& [name, held] : added.declared)
        if (held.source != "default") whole.declared[name] = held;
}

/// All that the customer has said in this ticket so far.
contact whole_contact(const world& of, const ticket& about, const opening_contact& opened,
                      const rules::ruleset& rules) {
    const auto* via = of.channels.find(about.channel);
    const auto kind = via == nullptr ? channel_kind::api : via->kind;
    auto whole = contact_from_stored(opened.json, about.channel, kind, rules, opened.at);
    for (const auto& each : opened.later)
        add_to(whole, contact_from_stored(each, about.channel, kind, rules, opened.at));
    return whole;
}

std::vector<std::string> changed_facts(const contact& before, const contact& after) {
    std::vector<std::string> changed;
    if (before.text != after.text) changed.emplace_back("contact.text");
    if (before.language != after.language) changed.emplace_back("contact.language");
    if (before.intent != after.intent) changed.emplace_back("contact.intent");
    if (before.attachments != after.attachments) changed.emplace_back("contact.attachments");
    for (const auto& [name, held] : after.declared) {
        const auto earlier = before.declared.find(name);
        if (earlier == before.declared.end() || earlier->second.value != held.value)
            changed.push_back("contact.attributes." + name);
    }
    return changed;
}

/// One ticket that may be decided again.
class redecider {
public:
    explicit redecider(step& in) : in_(in) {}

    void for_customer(const opening_contact& opened, const changed_customer& changed) {
        const auto& [whose, before, after] = changed;
        auto* about = candidate(opened.ticket);
        if (about == nullptr || !is_or_goes_on_as(about->customer, whose)) return;
        const auto& rules = rules_for(in_.on(), after.id);
        const auto said = whole_contact(in_.on(), *about, opened, rules);
        const live_board board(in_.on(), in_.now());
        const auto was = rules.decide(weighing(said, before, board));
        const auto is = rules.decide(weighing(said, after, board));
        if (!says_the_same(was, is))
            take(*about, rules.decide({said, after, in_.now(), board}), what_changed(before, after, was, is));
    }

    void for_contact(ticket_id id, said_lately::said& before, const contact& added) {
        auto* about = candidate(id);
        const auto* person = about == nullptr ? nullptr : in_.on().customers.find(about->customer);
        if (person == nullptr) return;
        const auto& rules = rules_for(in_.on(), person->id);
        if (says_nothing_new(rules, before, added)) {
            add_to(before.whole, added);
            return;
        }
        auto after = before.whole;
        add_to(after, added);
        const live_board board(in_.on(), in_.now());
        const auto is = rules.decide(weighing(after, *person, board));
        // Mostly the ticket has this decision already: then it does not matter what the rules say without the addition.
        if (digest_of(is) != before.decided) {
            const auto was = rules.decide(weighing(before.whole, *person, board));
            if (!says_the_same(was, is))
                take(*about, rules.decide({after, *person, in_.now(), board}), changed_facts(before.whole, after));
        }
        before.whole = std::move(after);
    }

private:
    /// For decisions that are only compared.
    rules::decision_input weighing(const contact& said, const customer& person, const live_board& board) const {
        rules::decision_input input{said, person, in_.now(), board};
        input.noting_facts = false;
        return input;
    }

    /// The ticket, where it waits.
    ticket* candidate(ticket_id id) const {
        auto* about = in_.on().tickets.find(id);
        return about != nullptr && waits(about->status) ? about : nullptr;
    }

    /// Unless the ticket was decided again too often.
    void take(ticket& about, const rules::decision& is, const std::vector<std::string>& changed) {
        if (redecisions_of(about) >= most_redecisions) return;
        auto record = record_of(about);
        auto plan = routing::to_plan(is);
        const auto priority = keep_priority(in_.on(), about, record, is.priority, plan);
        auto happened = in_.try_tell(dispatch::replan{about.id, std::move(plan)});
        if (!happened) {
            // Its new queue is full or takes nothing now: the ticket waits where it is.
            log::info("a ticket keeps its decision",
                      {{"ticket", to_string(about.id)}, {"err", happened.error().message}});
            return;
        }
        about.decision = routing::decision_summary(is);
        record.priority = priority;
        ++record.redecided;
        keep_record(about, record);
        if (auto* said = in_.on().said.find(about.id)) said->decided = digest_of(is);
        in_.entry(about, "decision", with_member(rules::to_json(is), "again", again_json(record.redecided, changed)));
        in_.record(*happened);
    }

    step& in_;
};

}  // namespace

std::uint64_t digest_of(const rules::decision& made) {
    digester all;
    all.add(made.route);
    all.add(made.queue);
    all.add(made.head_start);
    all.add(made.first_response);
    all.add(made.next_response);
    all.add(made.resolution);
    for (const auto& each : made.steps) {
        all.add(each.lasts);
        all.add(std::uint64_t{each.skip_if_nobody});
        for (const auto& skill : each.skills) {
            all.add(skill.skill);
            all.add(static_cast<std::uint64_t>(skill.level));
        }
        all.add(std::uint64_t{each.skills.size()});
        all.add(each.language ? std::string_view(each.language->language) : std::string_view());
        all.add(static_cast<std::uint64_t>(each.language ? each.language->level : 0));
    }
    all.add(std::uint64_t{made.steps.size()});
    all.add(std::uint64_t{made.script.has_value()});
    if (made.script) all.add(*made.script);
    for (const auto& each : made.articles) all.add(each);
    return all.number();
}

std::vector<opening_contact> look_up_waiting(store::store& from, std::vector<customer_id> whose) {
    store::ticket_filter filter;
    filter.customers = std::move(whose);
    filter.open_only = true;
    filter.limit = most_tickets;
    std::vector<opening_contact> found;
    const auto rows = from.tickets(filter);
    if (!rows) {
        log::error("a customer's tickets cannot be decided again",
                   {{"customer", to_string(filter.customers.front())}, {"err", rows.error().message}});
        return found;
    }
    for (const auto& row : *rows) {
        if (!waits(row.status)) continue;
        if (auto contact = opening_of(from, row.id)) found.push_back(std::move(*contact));
    }
    return found;
}

void redecide(step& in, const changed_customer& changed, const std::vector<opening_contact>& known) {
    redecider decides(in);
    for (const auto& each : known) decides.for_customer(each, changed);
    auto ids = changed.whose.merged_from;
    ids.push_back(changed.whose.id);
    for (const auto id : ids) {
        for (const auto& each : in.on().opened_lately.of(id)) {
            const bool looked_at =
                std::any_of(known.begin(), known.end(), [&](const auto& other) { return other.ticket == each.ticket; });
            if (!looked_at) decides.for_customer(each, changed);
        }
    }
}

std::vector<std::optional<opening_contact>> look_up_openings(store::store& from,
                                                             std::span<const store::prefetched> known,
                                                             time_point started) {
    std::vector<std::optional<opening_contact>> found(known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
        const auto& row = known[i].conversation ? known[i].conversation : known[i].referenced;
        if (row && row->created_at < started && waits(row->status)) found[i] = opening_of(from, row->id);
    }
    return found;
}

void redecide_for_contact(step& in, ticket_id ticket, const channel_entry& via, const channel::record& added,
                          const std::optional<opening_contact>& opened) {
    auto& on = in.on();
    const auto* about = on.tickets.find(ticket);
    if (about == nullptr || !waits(about->status)) return;
    const auto& rules = rules_for(on, about->customer);
    auto* before = on.said.find(ticket);
    if (before == nullptr && opened && opened->ticket == ticket) {
        on.said.opened(ticket, whole_contact(on, *about, *opened, rules));
        before = on.said.find(ticket);
    }
    if (before == nullptr || before->added == most_redecisions) return;
    redecider(in).for_contact(ticket, *before, contact_of(added, via, rules, in.now()));
    // Who writes on and on is not weighed for ever: neither the texts nor the work may grow with each message.
    if (++before->added == most_redecisions) before->whole = {};
}

}  // namespace kindred::runtime
