#include "engine/dispatch/borrowing.hpp"
#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/dispatcher.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/snapshot.hpp"
#include "engine/dispatch/waiting.hpp"
#include "engine/dispatch/wire_settings.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

/// What a queue remembers beyond its settings and its tickets.
struct stored_queue {
    std::string name;
    bool open = true;
    std::int64_t closed_for = 0;
    time_point closed_at;
    agent_id offered_last;
    duration mean_handling = first_guess_of_handling;
    /// Of a queue that is no longer configured and still has tickets.
    std::optional<queue_settings> settings;

    bool operator==(const stored_queue&) const = default;
};

/// What queues remember since older bytes were written: stands after what those end with.
struct stored_queue_more {
    std::string name;
    bool calendar_open = true;
    bool holiday = false;
    std::optional<time_point> closed_until;
    std::string notice;
    time_point notice_until;
    std::vector<std::string> lenders;
    wait_statistics waits;
    std::optional<wire::later_queue_settings> settings;
};

/// The same, later still.
struct stored_inflow {
    std::string name;
    std::vector<inflow_level> levels;
};

}  // namespace

namespace wire {

template <>
inline constexpr std::tuple members_of<stored_queue>{
    &stored_queue::name,         &stored_queue::open,          &stored_queue::closed_for, &stored_queue::closed_at,
    &stored_queue::offered_last, &stored_queue::mean_handling, &stored_queue::settings};
template <>
inline constexpr std::tuple members_of<wait_statistics>{&wait_statistics::handled, &wait_statistics::usual_cost,
                                                        &wait_statistics::waited, &wait_statistics::left};
template <>
inline constexpr std::tuple members_of<stored_queue_more>{
    &stored_queue_more::name,         &stored_queue_more::calendar_open, &stored_queue_more::holiday,
    &stored_queue_more::closed_until, &stored_queue_more::notice,        &stored_queue_more::notice_until,
    &stored_queue_more::lenders,      &stored_queue_more::waits,         &stored_queue_more::settings};

template <>
inline constexpr std::tuple members_of<inflow_level>{&inflow_level::head_start, &inflow_level::last_came,
                                                     &inflow_level::gaps, &inflow_level::gaps_sum};
template <>
inline constexpr std::tuple members_of<stored_inflow>{&stored_inflow::name, &stored_inflow::levels};

}  // namespace wire

namespace {

/// Queues that remember something, in byte order.
std::vector<stored_queue> memories_of(const core& site) {
    std::vector<stored_queue> memories;
    for (const queue_record& queue : site.queues) {
        stored_queue memory{queue.settings.name, queue.open, queue.closed_for, queue.closed_at, queue.offered_last,
                            queue.mean_handling, {}};
        if (!queue.configured && queue.tickets > 0) memory.settings = queue.settings;
        stored_queue nothing;
        nothing.name = queue.settings.name;
        if (memory != nothing) memories.push_back(std::move(memory));
    }
    std::sort(memories.begin(), memories.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return memories;
}

/// Likewise of what older bytes do not have.
std::vector<stored_queue_more> later_memories_of(const core& site) {
    std::vector<stored_queue_more> memories;
    for (const queue_record& queue : site.queues) {
        stored_queue_more memory{queue.settings.name,
                                 queue.calendar_open,
                                 queue.holiday,
                                 queue.closed_until,
                                 queue.notice,
                                 queue.notice_until,
                                 {},
                                 queue.waits,
                                 {}};
        for (const queue_no lender : queue.lenders) memory.lenders.push_back(site.queue_names.name(lender));
        std::sort(memory.lenders.begin(), memory.lenders.end());
        const bool retired = !queue.configured && queue.tickets > 0;
        if (retired && wire::has_later_settings(queue.settings))
            memory.settings = wire::later_settings_of(queue.settings);
        const bool as_before = queue.calendar_open == queue.open && !queue.holiday && queue.notice.empty() &&
                               memory.lenders.empty() && queue.waits == wait_statistics{} && !memory.settings;
        if (!as_before) memories.push_back(std::move(memory));
    }
    std::sort(memories.begin(), memories.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return memories;
}

std::vector<stored_inflow> inflows_of(const core& site) {
    std::vector<stored_inflow> memories;
    for (const queue_record& queue : site.queues)
        if (!queue.inflow.empty()) memories.push_back({queue.settings.name, queue.inflow});
    std::sort(memories.begin(), memories.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return memories;
}

std::vector<kind_rule> rules_of(const kind_bits& bits) {
    std::vector<kind_rule> rules;
    for (const channel_kind kind : all_channel_kinds) {
        kind_rule rule{kind, {}};
        for (const channel_kind other : all_channel_kinds) {
            if ((bits[kind_index(kind)] & bit_of(other)) != 0) rule.others.push_back(other);
        }
        if (!rule.others.empty()) rules.push_back(std::move(rule));
    }
    return rules;
}

/// The command that would set the queues up as they are.
configure settings_of(const core& site) {
    configure told;
    told.not_responding_for = site.not_responding_for;
    told.pauses = rules_of(site.pauses);
    told.interrupts = rules_of(site.interrupts);
    for (const queue_record& queue : site.queues) {
        if (queue.configured) told.queues.push_back(queue.settings);
    }
    std::sort(told.queues.begin(), told.queues.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return told;
}

std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325ULL;
    for (const char each : bytes) hash = (hash ^ static_cast<unsigned char>(each)) * 0x100'0000'01B3ULL;
    return (hash ^ (hash >> 31U)) * 0x9E37'79B9'7F4A'7C15ULL;
}

}  // namespace

void append_site(std::string& out, const core& site) {
    wire::writer bytes(out);
    bytes.number(snapshot_layout);
    bytes.put(site.now);
    bytes.put(site.last_offer);
    bytes.put(memories_of(site));
    const auto later = later_memories_of(site);
    const auto inflows = inflows_of(site);
    if (!later.empty() || !inflows.empty()) bytes.put(later);
    if (!inflows.empty()) bytes.put(inflows);
}

namespace {

bool can_be(const stored_queue_more& each) {
    const wait_statistics& waits = each.waits;
    return is_sane(each.closed_until.value_or(time_point{})) && is_sane(each.notice_until) &&
           each.notice.size() <= longest_notice && each.lenders.size() <= most_lenders && waits.usual_cost >= 1 &&
           waits.usual_cost <= most_units && waits.waited >= duration{0} && is_sane(waits.waited) && waits.left >= 0 &&
           is_sane(waits.left) && (!each.settings || each.settings->borrow.from.size() <= most_lenders);
}

bool can_be(const stored_inflow& each) {
    return each.levels.size() <= most_inflow_levels &&
           std::all_of(each.levels.begin(), each.levels.end(), [](const inflow_level& level) {
               return is_sane(level.head_start) && is_sane(level.last_came) && level.gaps <= most_gaps_remembered &&
                      level.gaps_sum >= duration{0} && is_sane(level.gaps_sum);
           });
}

void recall(core& site, stored_queue_more&& memory) {
    const queue_no number = queue_number(site, memory.name);
    for (const std::string& lender : memory.lenders) restore_lender(site, number, queue_number(site, lender));
    queue_record& queue = site.queues[number];
    queue.calendar_open = memory.calendar_open;
    queue.holiday = memory.holiday;
    queue.closed_until = memory.closed_until;
    queue.notice = std::move(memory.notice);
    queue.notice_until = memory.notice_until;
    queue.waits = memory.waits;
    if (memory.settings && !queue.configured) wire::add_later_settings(queue.settings, std::move(*memory.settings));
    rearm_queue(site, number);
}

}  // namespace

result<void> restore_site(core& site, std::string_view text) {
    wire::reader bytes(text);
    if (bytes.number() != snapshot_layout) bytes.spoil();
    time_point now;
    offer_id last_offer;
    std::vector<stored_queue> memories;
    bytes.get(now);
    bytes.get(last_offer);
    bytes.get(memories);
    std::vector<stored_queue_more> later;
    if (bytes.ok() && !bytes.at_end()) bytes.get(later);
    std::vector<stored_inflow> inflows;
    if (bytes.ok() && !bytes.at_end()) bytes.get(inflows);
    const bool sane = is_sane(now) && std::all_of(memories.begin(), memories.end(), [](const stored_queue& each) {
                          return is_sane(each.closed_for) && is_sane(each.closed_at) && is_sane(each.mean_handling) &&
                                 (!each.settings || (each.settings->name == each.name && check_queue(*each.settings)));
                      });
    const auto is_possible = [](const auto& each) { return can_be(each); };
    const bool later_sane = std::all_of(later.begin(), later.end(), is_possible) &&
                            std::all_of(inflows.begin(), inflows.end(), is_possible);
    if (!sane || !later_sane || !bytes.ok() || !bytes.at_end())
        return fail(errc::corrupt, "stored state of the site cannot be read");
    site.now = now;
    site.last_offer = last_offer;
    for (const stored_queue& memory : memories) {
        const queue_no number = queue_number(site, memory.name);
        queue_record& queue = site.queues[number];
        queue.open = queue.calendar_open = memory.open;
        queue.closed_for = memory.closed_for;
        queue.closed_at = memory.closed_at;
        queue.offered_last = memory.offered_last;
        queue.mean_handling = memory.mean_handling;
        refresh_heads(site, number);
        // What the present configuration says of a queue goes before what an older one said.
        if (memory.settings && !queue.configured) queue.settings = *memory.settings;
    }
    for (stored_queue_more& memory : later) recall(site, std::move(memory));
    for (stored_inflow& memory : inflows)
        site.queues[queue_number(site, memory.name)].inflow = std::move(memory.levels);
    find_borrowers(site);
    return {};
}

result<std::string> dispatcher::encode_ticket(ticket_id id) const {
    const auto slot = find_ticket(*core_, id);
    if (!slot) return slot.error();
    std::string out;
    append_ticket(out, *core_, core_->tickets[*slot]);
    return out;
}

result<std::string> dispatcher::encode_agent(agent_id id) const {
    const auto slot = find_agent(*core_, id);
    if (!slot) return slot.error();
    std::string out;
    append_agent(out, *core_, core_->agents[*slot]);
    return out;
}

std::string dispatcher::encode_site() const {
    std::string out;
    append_site(out, *core_);
    return out;
}

result<void> dispatcher::restore_ticket(std::string_view bytes) { return dispatch::restore_ticket(*core_, bytes); }
result<void> dispatcher::restore_agent(std::string_view bytes) { return dispatch::restore_agent(*core_, bytes); }

result<void> dispatcher::restore_site(std::string_view bytes) {
    // Clocks that tickets run on cannot be set under them.
    if (core_->ticket_slots.size() > 0) return fail(errc::conflict, "restore the site before its tickets");
    return dispatch::restore_site(*core_, bytes);
}

std::uint64_t dispatcher::state_hash() const {
    const core& site = *core_;
    std::string bytes;
    append_site(bytes, site);
    append_encoded(bytes, command(settings_of(site)));
    std::uint64_t hash = hash_of(bytes);
    // Sums do not depend on the order in which tables are walked.
    site.agent_slots.for_each([&](std::uint64_t, slot_no slot) {
        bytes.clear();
        append_agent(bytes, site, site.agents[slot]);
        hash += hash_of(bytes);
    });
    site.ticket_slots.for_each([&](std::uint64_t, slot_no slot) {
        bytes.clear();
        append_ticket(bytes, site, site.tickets[slot]);
        hash += hash_of(bytes);
    });
    return hash;
}

}  // namespace kindred::dispatch
