#include "engine/runtime/sending/deliveries.hpp"

#include "engine/runtime/arrivals/contacts.hpp"

namespace kindred::runtime {
namespace {

using state = channel::delivery::state;

std::string_view name_of(state became) {
    switch (became) {
        case state::sent: return "sent";
        case state::retry: return "retry";
        case state::failed: return "failed";
    }
    return "failed";
}

}  // namespace

void record_delivery(step& in, const delivery_report& report) {
    auto& open = in.on().messages;
    const auto found = open.find(report.message);
    if (found == open.end()) return;
    auto& row = found->second;
    row.attempts = report.attempts;
    if (report.became.outcome == state::sent) row.state = store::outbox_state::sent;
    if (report.became.outcome == state::failed) row.state = store::outbox_state::failed;
    in.put_outbox(row);
    if (!report.became.provider_message_id.empty())
        in.use_key({message_space(row.channel), report.became.provider_message_id}, row.ticket, row.entry);
    // A first try that has to be repeated is news for the agent, its twentieth is not.
    const bool news = report.became.outcome != state::retry || report.attempts == 1;
    if (auto* about = in.on().tickets.find(row.ticket); about != nullptr && news) {
        json::writer out;
        out.begin_object().member("entry", row.entry).member("state", name_of(report.became.outcome));
        out.member("attempts", report.attempts).member_if("reason", report.became.reason);
        out.member_if("message_id", report.became.provider_message_id).end_object();
        in.entry(*about, "delivery", out.take());
    }
    if (row.state != store::outbox_state::pending) open.erase(found);
}

}  // namespace kindred::runtime
