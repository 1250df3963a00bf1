#pragma once
#include "engine/channel/record.hpp"
#include "engine/domain/contact.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Whose contact it is, before anything is changed.
struct sender {
    customer* on_record = nullptr;  ///< in the customer book; null: somebody new
    std::vector<identity> to_add;
};

sender find_sender(step& in, const channel::record& happened, const store::prefetched& known);

/// The customer of a contact as it will be, before anything is changed: a contact that is then refused leaves no trace.
struct customer_draft {
    customer person;
    bool is_new = false;
    std::vector<identity> to_add;
};

customer_draft draft_customer(step& in, const contact& arrived, const channel::record& happened, sender from);

/// Whom an agent writes to of its own accord: by the identities of `addressed`, without a contact of theirs.
customer_draft draft_addressee(step& in, const channel::record& addressed, const channel_entry& via,
                               const store::prefetched& known);

/// The draft becomes the customer.
customer& keep(step& in, customer_draft draft);

/// Both at once, for a contact that nothing refuses any more.
void note_contact(step& in, const contact& arrived, const channel::record& happened, sender from);

}  // namespace kindred::runtime
