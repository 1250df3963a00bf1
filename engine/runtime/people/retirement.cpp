#include "engine/runtime/people/retirement.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/people/words_gone.hpp"
#include "engine/runtime/sending/files.hpp"

#include <algorithm>

namespace kindred::runtime {

namespace {

/// False: somebody has touched the ticket since it was looked up, or it is gone.
bool take_words(step& in, const retirement::worded_ticket& from) {
    auto& tickets = in.on().tickets;
    auto* about = tickets.find(from.id);
    if (about == nullptr && from.known)
        if (const auto adopted = tickets.adopt(*from.known, in.on().batch)) about = *adopted;
    if (about == nullptr || about->status != store::ticket_status::resolved) return false;
    if (about->updated_at > from.untouched_since || has_lost_its_words(*about)) return false;
    for (const auto& row : from.entries) in.replace(row);
    for (const auto& row : from.messages) in.put_outbox(row);
    lose_words(*about);
    in.replace(*about);
    return true;
}

}  // namespace

result<std::string> retire(step& in, const retirement& wanted) {
    auto& on = in.on();
    const auto is_at_work = [&](ticket_id id) {
        const auto* about = on.tickets.find(id);
        return about != nullptr && about->status != store::ticket_status::resolved;
    };
    const auto is_sending = [&](ticket_id id) {
        return std::any_of(on.messages.begin(), on.messages.end(),
                           [&](const auto& each) { return each.second.ticket == id; });
    };
    std::uint64_t removed = wanted.count;
    for (const auto& each : wanted.tickets) {
        if (is_at_work(each.id) || is_sending(each.id)) continue;
        in.erase(each.id);
        for (const auto& row : each.rows) take_away(in, row);
        ++removed;
    }
    for (const auto& each : wanted.words)
        if (!is_sending(each.id) && take_words(in, each)) ++removed;
    json::writer out;
    out.begin_object().member("removed", removed).end_object();
    if (removed > 0) in.audit("retention", "retention." + wanted.kind, wanted.kind, out.text());
    return out.take();
}

}  // namespace kindred::runtime
