#include "engine/runtime/merging.hpp"

#include "engine/runtime/decision_record.hpp"
#include "engine/runtime/views.hpp"

namespace kindred::runtime {
namespace {

std::string merge_entry(const world& of, std::string_view key, ticket_id other, agent_id by) {
    json::writer out;
    out.begin_object().member(key, to_string(other));
    write_agent(out, "agent", of, by);
    return out.end_object().take();
}

}  // namespace

result<std::string> merge_tickets(step& in, ticket& source, ticket_id into, agent_id by) {
    auto* target = in.on().tickets.find(into);
    const auto is_open = [](const ticket& about) { return about.status != store::ticket_status::resolved; };
    if (target == nullptr || !is_open(*target))
        return fail(errc::conflict, "into: ticket " + to_string(into) + " is not open");
    if (target == &source) return fail(errc::invalid, "into: is the ticket itself");
    if (target->customer != source.customer)
        return fail(errc::conflict, "into: belongs to another customer; merge the customers first");
    auto ended = in.try_tell(dispatch::close_ticket{source.id, "merged"});
    if (!ended) return ended.error();
    auto record = record_of(source);
    record.merged_into = to_string(into);
    keep_record(source, record);
    in.entry(source, "merged", merge_entry(in.on(), "into", into, by));
    in.entry(*target, "merged", merge_entry(in.on(), "from", source.id, by));
    in.record(*ended);
    return "{" + ticket_frame(in.on(), *target) + "}";
}

ticket* after_merges(world& of, ticket* about) {
    // A ticket may be merged into one that is merged later; a circle cannot come about, for only open ones are targets.
    constexpr int most_merges = 100;
    for (int merges = 0; about != nullptr && merges < most_merges && has_kept(*about, "merged_into"); ++merges) {
        const auto next = parse_id<ticket_id>(record_of(*about).merged_into);
        auto* found = next ? of.tickets.find(*next) : nullptr;
        if (found == nullptr) break;
        about = found;
    }
    return about;
}

}  // namespace kindred::runtime
