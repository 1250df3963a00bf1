#pragma once
#include "engine/domain/contact.hpp"
#include "engine/runtime/arrivals/customer_draft.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// A contact that starts a ticket, or goes on with a resolved one.
struct opening_request {
    const channel_entry& via;
    const channel::record& happened;
    const contact& arrived;
    ticket* earlier = nullptr;  ///< the customer's last ticket of this conversation, resolved
    bool reopens = false;       ///< that one goes on; else the new one is linked to it
};

struct opened_ticket {
    ticket_id ticket;
    std::uint32_t entry = 0;
};

/// Decides, queues and records it. errc::overloaded with the reason "queue_full" when the queue and its overflow are
/// full: then nothing has changed.
result<opened_ticket> open_ticket(step& in, const opening_request& wanted, customer_draft writer);

}  // namespace kindred::runtime
