#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/domain/customer.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Whether two customers are one: what is certain, and what is only likely (docs/decisions/0602-certain-joins.md).
namespace kindred::customers {

/// What identities that were proven together say of the customers who have them.
struct join_verdict {
    const customer* into = nullptr;       ///< who goes on; null: there is nothing to join
    std::vector<const customer*> from;    ///< who surely are the same person
    std::vector<const customer*> unsure;  ///< who may be: the CRM has another number for them
};

/// `owners`: of each identity the customer who has it on record, null for nobody. Only proven addresses, numbers and
/// CRM ids name a person; what names a browser or an account joins a customer of whom nothing better is known.
/// Two customers whom the CRM has under two numbers are not one for certain, whatever they share.
join_verdict certain_joins(std::span<const identity> given, std::span<const customer* const> owners);

/// Two customers, the smaller number first.
using customer_pair = std::pair<customer_id, customer_id>;
customer_pair pair_of(customer_id one, customer_id other);

/// What speaks for two customers being one, and what became of that thought.
struct join_proposal {
    customer_pair who;
    bool dismissed = false;             ///< they are two: not proposed again, and not joined by anything but a person
    std::vector<std::string> evidence;  ///< "name: Ann Archer", "country: ES", "identity: phone:+34..."
    std::string by;                     ///< who dismissed it
    std::string reason;
    time_point at;

    bool operator==(const join_proposal&) const = default;
};

/// The name under which it is stored: "<smaller>-<greater>".
std::string key_of(const customer_pair& who);
std::optional<customer_pair> pair_from_key(std::string_view key);
std::string to_json(const join_proposal& proposal);
/// errc::corrupt when it is not what to_json() wrote.
result<join_proposal> join_proposal_from_json(std::string_view text);

/// The evidence that two customers may be one: the same name and at least one attribute that both state alike; empty:
/// there is none. Names are compared without case and spaces at their ends. Yes and no tell nobody apart.
std::vector<std::string> likeness(const customer& one, const customer& other);
/// Names that may be one have the same.
std::string folded_name(const customer& who);

}  // namespace kindred::customers
