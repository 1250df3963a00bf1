#pragma once
#include "engine/domain/attribute.hpp"
#include "engine/domain/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred {

/// How sure an identity is: a claimed address never joins two customers.
enum class proof { claimed = 1, proven };

/// A folded address of a customer in one space: "email:ann@example.com", "phone:+525512345678", "webchat:<visitor>".
struct identity {
    std::string text;
    proof proven = proof::claimed;

    bool operator==(const identity&) const = default;
};

/// A segment or stage set by hand or by the CRM; wins over conditions until it ends.
struct pin {
    std::string dimension;  ///< a segment dimension, or "stage"
    std::string value;
    std::string by;
    std::string reason;
    time_point at;
    std::optional<time_point> until;  ///< none: until taken away
};

/// That a customer goes on as another one, and what the other took over, so that it can be undone.
struct merge_record {
    customer_id into;
    std::string by;
    std::string reason;
    time_point at;
    std::vector<std::string> attributes;  ///< names; only this customer had them
    std::vector<std::string> tags;        ///< likewise
    std::vector<std::string> pins;        ///< their dimensions, likewise
    bool gave_name = false;
    bool gave_language = false;
    bool gave_satisfaction = false;
};

/// A person with one profile and many identities.
struct customer {
    customer_id id;
    std::uint64_t version = 0;  ///< rises by one with every stored change
    bool known = false;         ///< something is on record beyond the first contact
    std::string name;
    std::string language;
    attributes declared;  ///< customer.<attribute>, as profile.yaml types them
    std::vector<std::string> tags;
    std::vector<identity> identities;
    std::vector<pin> pins;
    std::int64_t open_tickets = 0;
    std::int64_t contacts = 0;  ///< inbound contacts so far
    std::optional<time_point> last_contact_at;
    std::string last_agent;  ///< login name
    std::optional<double> satisfaction;
    std::optional<time_point> surveyed_at;  ///< when a survey was last sent, whatever became of it
    time_point created_at;
    std::optional<time_point> erased_at;  ///< nothing else is known of it any more
    std::int64_t notes = 0;               ///< written so far, deleted ones included
    std::optional<merge_record> merged;  ///< since then its identities are another customer's, and nothing here changes
    std::vector<customer_id> merged_from;  ///< everybody who goes on as this one, over any number of merges
};

/// Whether a ticket of customer `id` is a ticket of this person: opened for it, or for one who goes on as it.
bool is_or_goes_on_as(customer_id id, const customer& person);

/// The stored form of everything but id and version, and back. Unknown members are ignored, so that a newer
/// program's rows can be read by an older one.
std::string to_json(const customer& person);
result<customer> customer_from_json(customer_id id, std::uint64_t version, std::string_view text);

}  // namespace kindred
