#include "engine/runtime/tickets/merging.hpp"

#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/tickets/decision_record.hpp"

namespace kindred::runtime {
namespace {

std::string merge_entry(const world& of, std::string_view key, ticket_id other, agent_id by) {
    json::writer out;
    out.begin_object().member(key, to_string(other));
    write_agent(out, "agent", of, by);
    return out.end_object().take();
}

// A ticket may be merged into one that is merged later. A circle cannot come about, for only open ones are targets; a
// store that somebody has written to by hand must not hold us up for ever all the same.
constexpr int most_merges = 100;

std::optional<ticket_id> merged_into(const ticket& about) {
    if (about.status != store::ticket_status::resolved || !has_kept(about, "merged_into")) return std::nullopt;
    return parse_id<ticket_id>(record_of(about).merged_into);
}

/// As far as tickets are in memory: the one that goes on, or one whose next has left.
ticket* last_here(world& of, ticket& about) {
    auto* last = &about;
    for (int merges = 0; merges < most_merges; ++merges) {
        const auto next = merged_into(*last);
        auto* found = next ? of.tickets.find(*next) : nullptr;
        if (found == nullptr) break;
        last = found;
    }
    return last;
}

/// The ticket that goes on for a merged one, as the store has it; none for one that was not merged.
std::optional<store::ticket_row> end_of_merges(store::store& from, const store::ticket_row& first) {
    std::optional<store::ticket_row> last;
    for (int merges = 0; merges < most_merges; ++merges) {
        const auto& row = last ? *last : first;
        if (row.status != store::ticket_status::resolved) break;
        std::string_view no_longer_in_dispatch;
        const auto held = unpack(row, no_longer_in_dispatch);
        const auto next = held ? merged_into(*held) : std::nullopt;
        auto found = next ? from.ticket(*next) : result<store::ticket_row>(fail(errc::not_found, "the last"));
        if (!found) break;
        last = std::move(*found);
    }
    return last;
}

}  // namespace

result<std::string> merge_tickets(step& in, ticket& source, ticket_id into, agent_id by) {
    auto* target = in.on().tickets.find(into);
    const auto is_open = [](const ticket& about) { return about.status != store::ticket_status::resolved; };
    if (target == nullptr || !is_open(*target))
        return fail(errc::conflict, "into: ticket " + to_string(into) + " is not open");
    if (target == &source) return fail(errc::invalid, "into: is the ticket itself");
    if (!is_open(source)) return fail(errc::conflict, "the ticket is resolved: reopen it first");
    const auto& customers = in.on().customers;
    if (customers.goes_on_as(target->customer) != customers.goes_on_as(source.customer))
        return fail(errc::conflict, "into: belongs to another customer; merge the customers first");
    auto ended = in.try_tell(dispatch::close_ticket{source.id, "merged"});
    if (!ended) return ended.error();
    auto record = record_of(source);
    record.merged_into = to_string(into);
    keep_record(source, record);
    in.entry(source, "merged", merge_entry(in.on(), "into", into, by));
    in.entry(*target, "merged", merge_entry(in.on(), "from", source.id, by));
    in.record(*ended);
    return "{" + ticket_frame(in.on(), *target, in.now()) + "}";
}

ticket* after_merges(step& in, ticket* about, const std::optional<store::ticket_row>& goes_on) {
    if (about == nullptr) return nullptr;
    auto* last = last_here(in.on(), *about);
    if (!merged_into(*last) || !goes_on) return last;
    const auto adopted = in.on().tickets.adopt(*goes_on, in.on().batch);
    return adopted ? last_here(in.on(), **adopted) : last;
}

bool has_what_goes_on(world& of, ticket& about) { return !merged_into(*last_here(of, about)); }

std::vector<std::optional<store::ticket_row>> look_up_what_goes_on(store::store& from,
                                                                   std::span<const store::prefetched> known) {
    std::vector<std::optional<store::ticket_row>> found(known.size());
    for (std::size_t i = 0; i < known.size(); ++i)
        for (const auto* row : {&known[i].ticket, &known[i].conversation, &known[i].referenced})
            if (!found[i] && *row) found[i] = end_of_merges(from, **row);
    return found;
}

}  // namespace kindred::runtime
