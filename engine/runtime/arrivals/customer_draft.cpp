#include "engine/runtime/arrivals/customer_draft.hpp"

#include "engine/customers/journey.hpp"
#include "engine/customers/resolve.hpp"

namespace kindred::runtime {
namespace {

/// Who each identity belongs to, by the world where it knows better than the store.
std::vector<customer_id> owners_of(customer_book& book, const channel::record& happened,
                                   const store::prefetched& known) {
    std::vector<customer_id> owners;
    for (std::size_t i = 0; i < happened.identities.size(); ++i) {
        customer_id owner;
        if (const auto* here = book.find(happened.identities[i].text))
            owner = here->id;
        else if (i < known.customers.size() && known.customers[i])
            owner = known.customers[i]->id;
        // Erased since the store was asked: nobody's.
        if (const auto* person = book.find(owner); person != nullptr && person->erased_at) owner = {};
        owners.push_back(owner);
    }
    return owners;
}

customer* look_up(customer_book& book, customer_id id, const store::prefetched& known) {
    if (auto* here = book.find(id)) return here;
    for (const auto& row : known.customers) {
        if (!row || row->id != id) continue;
        if (const auto taken = book.take(*row)) return *taken;
    }
    return nullptr;
}

/// Somebody who comes back.
void come_back(customer& person, const contact& arrived, const channel::record& happened, time_point now) {
    person.known = true;
    customers::note_contact(person, arrived, happened.display_name, now);
}

}  // namespace

sender find_sender(step& in, const channel::record& happened, const store::prefetched& known) {
    auto& book = in.on().customers;
    auto answer = customers::resolve(happened.identities, owners_of(book, happened, known));
    return {answer.customer ? look_up(book, answer.customer, known) : nullptr, std::move(answer.to_add)};
}

customer_draft draft_customer(step& in, const contact& arrived, const channel::record& happened, sender from) {
    customer_draft draft;
    draft.to_add = std::move(from.to_add);
    if (from.on_record != nullptr) {
        draft.person = *from.on_record;
        come_back(draft.person, arrived, happened, in.now());
    } else {
        const customer_id id{in.on().used.customers + 1};
        draft.is_new = true;
        draft.person = customers::first_seen(id, arrived, happened.display_name, {}, in.now());
    }
    draft.person.identities.insert(draft.person.identities.end(), draft.to_add.begin(), draft.to_add.end());
    return draft;
}

customer_draft draft_addressee(step& in, const channel::record& addressed, const channel_entry& via,
                               const store::prefetched& known) {
    auto& book = in.on().customers;
    auto answer = customers::resolve(addressed.identities, owners_of(book, addressed, known));
    customer_draft draft;
    draft.to_add = std::move(answer.to_add);
    if (const auto* person = answer.customer ? look_up(book, answer.customer, known) : nullptr) {
        draft.person = *person;
        ++draft.person.version;
    } else {
        contact nothing_said;
        nothing_said.channel_name = via.name;
        nothing_said.kind = via.kind;
        nothing_said.from = addressed.from;
        draft.is_new = true;
        draft.person = customers::first_seen(customer_id{in.on().used.customers + 1}, nothing_said, {}, {}, in.now());
        draft.person.contacts = 0;
        draft.person.last_contact_at.reset();
    }
    draft.person.identities.insert(draft.person.identities.end(), draft.to_add.begin(), draft.to_add.end());
    return draft;
}

customer& keep(step& in, customer_draft draft) {
    auto& book = in.on().customers;
    customer* kept = nullptr;
    if (draft.is_new) {
        ++in.on().used.customers;
        kept = &book.add(std::move(draft.person));
    } else {
        kept = book.find(draft.person.id);
        *kept = std::move(draft.person);
    }
    for (const auto& each : draft.to_add) in.identify(each.text, kept->id);
    in.touch(*kept);
    return *kept;
}

void note_contact(step& in, const contact& arrived, const channel::record& happened, sender from) {
    if (from.on_record == nullptr) {
        keep(in, draft_customer(in, arrived, happened, std::move(from)));
        return;
    }
    auto& person = *from.on_record;
    come_back(person, arrived, happened, in.now());
    for (const auto& each : from.to_add) {
        person.identities.push_back(each);
        in.identify(each.text, person.id);
    }
    in.touch(person);
}

}  // namespace kindred::runtime
