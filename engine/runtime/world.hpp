#pragma once
#include "engine/customers/block_list.hpp"
#include "engine/customers/consent.hpp"
#include "engine/dispatch/dispatcher.hpp"
#include "engine/routing/calendar_watch.hpp"
#include "engine/routing/escalation_clock.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/arrivals/flood_gate.hpp"
#include "engine/runtime/arrivals/quarantine_book.hpp"
#include "engine/runtime/arrivals/recent_contacts.hpp"
#include "engine/runtime/arrivals/recent_keys.hpp"
#include "engine/runtime/arrivals/said_lately.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/people/audit.hpp"
#include "engine/runtime/people/customer_book.hpp"
#include "engine/runtime/people/join_book.hpp"
#include "engine/runtime/people/person.hpp"
#include "engine/runtime/rules/rollout.hpp"
#include "engine/runtime/sending/events.hpp"
#include "engine/runtime/tickets/incident_book.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"
#include "engine/store/store.hpp"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace kindred::runtime {

/// The outbox rows that are not settled.
using open_messages = std::unordered_map<outbox_id, store::outbox_row>;

/// Highest numbers given out so far.
struct counters {
    std::uint64_t tickets = 0;
    std::uint64_t customers = 0;
    std::uint64_t agents = 0;
    std::uint64_t outbox = 0;
    std::uint64_t journal = 0;
};

/// Name of the setting that has the counters as they were when rows were last erased.
inline constexpr std::string_view used_setting = "used";
std::string to_json(const counters& used);

/// When a ruleset came into force, by whom and how ("start", "folder", "activate", "rollback").
struct rules_activation {
    std::string hash;
    std::string author;
    std::string how;
    time_point at;
};

/// Everything that the writer decides from. Belongs to the writer's thread alone.
struct world {
    rules::ruleset rules;
    const channel_directory& channels;
    std::string site_key;  ///< unguessable, made once per store: idempotency keys at providers begin with it
    dispatch::dispatcher dispatch;
    routing::calendar_watch calendars;
    ticket_book tickets;
    customer_book customers;
    recent_keys keys;
    open_messages messages;
    std::shared_ptr<const roster> people;
    counters used;
    std::uint64_t batch = 0;                    ///< number of the batch that is being made
    std::map<agent_id, time_point> leases;      ///< agents without a desk: when their offers are freed
    std::vector<rules_activation> activations;  ///< of rulesets, the latest first
    recent_contacts opened_lately;
    said_lately said;
    routing::escalation_clock escalations;
    std::optional<rollout> trial;
    incident_book incidents;
    customers::consent_book consents = {};
    customers::block_list blocks = {};
    flood_gate floods{};
    quarantine_book quarantine = {};
    std::vector<event_subscription> subscriptions = {};
    event_backlog backlog = {};
    audit_head audited = {};
    join_book joins = {};
    std::string public_url = {};     ///< that links to our pages begin with; empty: there can be none
    std::string survey_secret = {};  ///< that links to surveys are signed with; made once per store
};

/// What a start needs beside the world itself.
struct start_state {
    std::vector<store::outbox_row> pending;
    std::vector<std::pair<std::uint64_t, store::inbound_item>> undecided;
};

/// Rebuilds the world from the store: what was open goes on. `rules` is the ruleset to work with; people that the store
/// does not know yet are taken from `seed` by the first step.
result<std::unique_ptr<world>> load_world(store::store& from, const rules::ruleset& rules,
                                          const channel_directory& channels, time_point now, start_state& start);

}  // namespace kindred::runtime
