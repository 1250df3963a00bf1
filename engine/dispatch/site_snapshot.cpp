#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/dispatcher.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/snapshot.hpp"
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

}  // namespace

namespace wire {

template <>
inline constexpr std::tuple members_of<stored_queue>{
    &stored_queue::name,         &stored_queue::open,          &stored_queue::closed_for, &stored_queue::closed_at,
    &stored_queue::offered_last, &stored_queue::mean_handling, &stored_queue::settings};

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

/// The command that would set the queues up as they are.
configure settings_of(const core& site) {
    configure told;
    told.not_responding_for = site.not_responding_for;
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
}

result<void> restore_site(core& site, std::string_view text) {
    wire::reader bytes(text);
    if (bytes.number() != snapshot_layout) bytes.spoil();
    time_point now;
    offer_id last_offer;
    std::vector<stored_queue> memories;
    bytes.get(now);
    bytes.get(last_offer);
    bytes.get(memories);
    const bool sane = is_sane(now) && std::all_of(memories.begin(), memories.end(), [](const stored_queue& each) {
                          return is_sane(each.closed_for) && is_sane(each.closed_at) && is_sane(each.mean_handling) &&
                                 (!each.settings || (each.settings->name == each.name && check_queue(*each.settings)));
                      });
    if (!sane || !bytes.ok() || !bytes.at_end()) return fail(errc::corrupt, "stored state of the site cannot be read");
    site.now = now;
    site.last_offer = last_offer;
    for (const stored_queue& memory : memories) {
        queue_record& queue = site.queues[queue_number(site, memory.name)];
        queue.open = memory.open;
        queue.closed_for = memory.closed_for;
        queue.closed_at = memory.closed_at;
        queue.offered_last = memory.offered_last;
        queue.mean_handling = memory.mean_handling;
        // What the present configuration says of a queue goes before what an older one said.
        if (memory.settings && !queue.configured) queue.settings = *memory.settings;
    }
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
