#include "engine/runtime/people/joining.hpp"

#include "engine/base/json.hpp"
#include "engine/customers/merge.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/people/moments.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/tickets/redecision.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

/// Who must not be written to is not written to under another number either; it outlives an undone merge, for a "no"
/// too many does less harm than one forgotten.
void forbid_as(step& in, const customer& from, const customer& into) {
    for (auto stop : in.on().consents.of(subject_of(from.id))) {
        stop.subject = subject_of(into.id);
        forbid(in, std::move(stop));
    }
}

/// What was thought of the one is thought of the other.
void move_pairs(step& in, customer_id from, customer_id into) {
    for (const auto& who : in.on().joins.of(from)) {
        auto moved = *in.on().joins.find(who);
        forget_pair(in, who);
        const auto other = who.first == from ? who.second : who.first;
        if (other == into) continue;
        moved.who = customers::pair_of(other, into);
        const auto* known = in.on().joins.find(moved.who);
        if (known != nullptr && (known->dismissed || !moved.dismissed)) continue;
        in.put_kept({std::string(join_rows), customers::key_of(moved.who), in.now(), customers::to_json(moved)});
        in.on().joins.put(std::move(moved));
    }
}

std::string texts_of(std::span<const identity> given) {
    std::string all;
    for (const auto& each : given)
        if (each.proven == proof::proven) all += (all.empty() ? "" : " ") + each.text;
    return all.substr(0, 500);
}

bool is_contact(channel::record_kind kind) {
    using channel::record_kind;
    return kind == record_kind::message || kind == record_kind::postback || kind == record_kind::call ||
           kind == record_kind::handoff;
}

}  // namespace

result<void> may_join(const customer& from, const customer& into) {
    if (from.id == into.id)
        return fail(errc::conflict, "into: is the customer already, by itself or by earlier merges");
    if (from.merged_from.size() + into.merged_from.size() >= most_merged)
        return fail(errc::conflict, "into: 1000 profiles go on as one already");
    return {};
}

void join(step& in, customer& from, customer& into, const std::string& by, const std::string& reason,
          const std::vector<opening_contact>& waiting) {
    const auto from_before = from;
    const auto into_before = into;
    customers::merge(from, into, by, reason, in.now());
    in.on().customers.merged(from.id, into.id);
    for (const auto& each : from.identities) in.identify(each.text, into.id);
    in.put_kept({std::string(merge_rows), to_string(from.id), in.now(), to_string(into.id)});
    json::writer detail;
    detail.begin_object().member("other", subject_of(into.id)).member_if("reason", reason).end_object();
    in.audit(by, "customer.merged", subject_of(from.id), detail.take());
    move_pairs(in, from.id, into.id);
    forbid_as(in, from, into);
    in.touch(from);
    in.touch(into);
    rename_tickets(in, into);
    note_moment(in, {.what = "merged", .by = by, .name = to_string(from.id), .reason = reason}, into_before, into);
    redecide(in, {into_before, into_before, into}, waiting);
    redecide(in, {from_before, from_before, into}, waiting);
}

void rename_tickets(step& in, const customer& person) {
    std::vector<ticket_id> theirs;
    in.on().tickets.for_each([&](const ticket& each) {
        if (each.status != store::ticket_status::resolved && is_or_goes_on_as(each.customer, person))
            theirs.push_back(each.id);
    });
    for (const auto id : theirs) {
        auto& about = *in.on().tickets.find(id);
        about.customer_name = person.name;
        in.touch(about);
    }
}

result<void> propose_join(step& in, customers::join_proposal proposal) {
    auto& joins = in.on().joins;
    auto& book = in.on().customers;
    proposal.who = customers::pair_of(book.goes_on_as(proposal.who.first), book.goes_on_as(proposal.who.second));
    if (proposal.who.first == proposal.who.second || joins.find(proposal.who) != nullptr)
        return fail(errc::conflict, "this is on record already");
    if (!joins.has_room()) return fail(errc::conflict, "10000 proposals wait for somebody to look at them");
    proposal.dismissed = false;
    proposal.at = in.now();
    json::writer data;
    data.begin_object().member("proposal", customers::key_of(proposal.who)).key("customers").begin_array();
    data.value(to_string(proposal.who.first)).value(to_string(proposal.who.second)).end_array();
    data.key("evidence").begin_array();
    for (const auto& each : proposal.evidence) data.value(each);
    data.end_array().end_object();
    in.put_kept({std::string(join_rows), customers::key_of(proposal.who), in.now(), customers::to_json(proposal)});
    in.tell_of("customer.join_proposed", customers::key_of(proposal.who), data.take());
    joins.put(std::move(proposal));
    return {};
}

void keep_apart(step& in, customer_id one, customer_id other, const std::string& by, const std::string& reason) {
    customers::join_proposal said;
    said.who = customers::pair_of(one, other);
    if (const auto* known = in.on().joins.find(said.who)) said.evidence = known->evidence;
    said.dismissed = true;
    said.by = by;
    said.reason = reason;
    said.at = in.now();
    in.put_kept({std::string(join_rows), customers::key_of(said.who), in.now(), customers::to_json(said)});
    in.on().joins.put(std::move(said));
}

void forget_pair(step& in, const customers::customer_pair& who) {
    if (in.on().joins.remove(who)) in.put_kept({std::string(join_rows), customers::key_of(who), in.now(), {}, true});
}

result<customer*> owner_of(step& in, const identity& wanted, const std::optional<store::customer_row>& stored) {
    auto& book = in.on().customers;
    if (auto* here = book.find(wanted.text)) return here->erased_at ? nullptr : here;
    if (!stored) return nullptr;
    const auto taken = book.take(*stored);
    if (!taken) return taken.error();
    auto* last = book.find((*taken)->id);
    if (last == nullptr) return fail(errc::overloaded, "the customer was merged a moment ago: try again");
    return last->erased_at ? nullptr : last;
}

void join_what_is_certain(step& in, std::span<const identity> given,
                          std::span<const std::optional<store::customer_row>> stored, const std::string& by,
                          const std::vector<opening_contact>& waiting) {
    std::vector<const customer*> owners;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto found = owner_of(in, given[i], i < stored.size() ? stored[i] : std::nullopt);
        owners.push_back(found ? *found : nullptr);
    }
    const auto verdict = customers::certain_joins(given, owners);
    if (verdict.into == nullptr) return;
    const auto into = verdict.into->id;
    const auto find = [&](customer_id id) { return in.on().customers.find(id); };
    const auto reason = "proven together: " + texts_of(given);
    std::vector<customer_id> from;
    std::vector<customer_id> unsure;
    for (const auto* each : verdict.from) from.push_back(each->id);
    for (const auto* each : verdict.unsure) unsure.push_back(each->id);
    for (const auto id : from)
        if (!in.on().joins.are_two(id, into) && may_join(*find(id), *find(into)))
            join(in, *find(id), *find(into), by, reason, waiting);
    for (const auto id : unsure)
        (void)propose_join(in, {customers::pair_of(id, into), false, {"identities: " + texts_of(given)}, {}, {}, {}});
}

void join_sender(step& in, const delivery& given, std::size_t record) {
    const auto& happened = given.records[record];
    if (!is_contact(happened.kind) || happened.identities.size() < 2) return;
    join_what_is_certain(in, happened.identities, given.known_of(record).customers, "channel:" + given.via->name,
                         given.waiting_of_joined);
}

void look_up_joins(store::store& from, delivery& arrived) {
    for (const auto& known : arrived.known) {
        std::vector<customer_id> whose;
        for (const auto& row : known.customers)
            if (row && std::find(whose.begin(), whose.end(), row->id) == whose.end()) whose.push_back(row->id);
        if (whose.size() < 2) continue;
        auto waiting = look_up_waiting(from, std::move(whose));
        std::move(waiting.begin(), waiting.end(), std::back_inserter(arrived.waiting_of_joined));
    }
}

}  // namespace kindred::runtime
