#pragma once
#include "engine/rules/sampled_facts.hpp"

#include <optional>
#include <string>
#include <vector>

/// What a change of rules means, beyond what it changes in the text.
namespace kindred::rules {

struct changed_key {
    std::string key;
    std::string before;  ///< empty: was not there
    std::string after;   ///< empty: is no longer there
};

/// Something named that is not what it was.
struct changed_definition {
    enum class kind { added = 1, removed, changed, moved } what = kind::changed;
    std::string of;  ///< "route", "queue", ...: as definition::kind
    std::string name;
    std::vector<changed_key> keys;  ///< of `changed`
    /// Of routes: whether any sampled contact is decided otherwise because of it, or at least by it.
    bool matters = true;
};

/// Where a contact goes under one ruleset.
struct destination {
    std::string route;
    std::string queue;

    auto operator<=>(const destination&) const = default;
};

/// Contacts of some kind that are treated otherwise than before.
struct changed_treatment {
    destination before;
    destination after;
    std::vector<std::string> differs;  ///< "queue", "priority", "steps", "targets", "script", "route", "segments", ...
    std::size_t sampled = 0;           ///< how many of the samples; says nothing of real contacts
    std::vector<fact_assignment> examples;  ///< with nothing in them that does not matter
};

struct ruleset_diff {
    std::string before;  ///< hash
    std::string after;
    std::vector<changed_definition> definitions;
    std::size_t sampled = 0;
    /// Those who go to another queue first, then by how many samples there are.
    std::vector<changed_treatment> treatments;
};

/// Compares. Pure: `base` is the moment around which situations are made up (calendars are compared for 400 days from
/// it).
ruleset_diff diff(const ruleset& before, const ruleset& after, time_point base);

std::string to_text(const ruleset_diff& found);
std::string to_json(const ruleset_diff& found);
/// "channel.kind: phone, customer.orders: 3"; "anything" for no facts at all.
std::string to_text(const fact_assignment& facts);

}  // namespace kindred::rules
