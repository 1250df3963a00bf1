#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

#include <span>
#include <string>
#include <string_view>

/// Two customers become one: by somebody's word, or because it is certain.
namespace kindred::runtime {

/// As many profiles can go on as one: a circle of joins gone wild must not make one customer of all.
inline constexpr std::size_t most_merged = 1'000;

/// Why these two cannot be joined, errc::conflict: they are one already, or too many.
result<void> may_join(const customer& from, const customer& into);
/// Joins two customers of the book, in this step: identities, consent, open tickets, the audit log. `waiting`: what
/// look_up_waiting() gave of both.
void join(step& in, customer& from, customer& into, const std::string& by, const std::string& reason,
          const std::vector<opening_contact>& waiting);

/// The open tickets of those who go on as this one show its name from now on.
void rename_tickets(step& in, const customer& person);

/// Puts on record that they may be one (errc::conflict: somebody said that they are two, or it is on record), and tells
/// the centre's systems.
result<void> propose_join(step& in, customers::join_proposal proposal);
/// They are two, whatever is found: `by` says so.
void keep_apart(step& in, customer_id one, customer_id other, const std::string& by, const std::string& reason);
/// Nothing is thought of this pair any more.
void forget_pair(step& in, const customers::customer_pair& who);

/// Who goes on for whoever has this identity on record, by the world where it knows better than the store; null:
/// nobody.
result<customer*> owner_of(step& in, const identity& wanted, const std::optional<store::customer_row>& stored);

/// Joins the customers whom identities that were proven together show to be one person, and proposes those of whom that
/// is only likely. What somebody said to be two stays two.
void join_what_is_certain(step& in, std::span<const identity> given,
                          std::span<const std::optional<store::customer_row>> stored, const std::string& by,
                          const std::vector<opening_contact>& waiting);
/// The same for the sender of one record of a delivery.
void join_sender(step& in, const delivery& given, std::size_t record);

/// For deliveries, of senders who may have to be joined: the tickets of theirs that wait. Blocks.
void look_up_joins(store::store& from, delivery& arrived);

}  // namespace kindred::runtime
