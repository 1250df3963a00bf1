#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What survives, as values. The store keeps and finds rows; what their JSON and state bytes mean is their writers'
/// business (engine/domain, engine/dispatch, engine/runtime).
namespace kindred::store {

/// A key that must have its effect once: a delivery's event id, or a message id that later mail may refer to.
/// `space` is "<channel>" for deliveries and "<channel>#message" for references.
struct unique_key {
    std::string space;
    std::string id;

    bool operator==(const unique_key&) const = default;
};

/// Where a key led: the ticket (0: to none) and the entry in it.
struct key_row {
    unique_key key;
    ticket_id ticket;
    std::uint32_t entry = 0;
    time_point at;

    bool operator==(const key_row&) const = default;
};

/// One inbound item that is durable but not yet decided. `payload` is the runtime's.
struct inbound_item {
    unique_key key;
    time_point at;
    std::string payload;

    bool operator==(const inbound_item&) const = default;
};

struct customer_row {
    customer_id id;
    std::uint64_t version = 0;
    std::string name;  ///< for search
    std::string json;

    bool operator==(const customer_row&) const = default;
};

struct identity_row {
    std::string identity;  ///< "email:ann@example.com"
    customer_id customer;  ///< in a batch, 0: nobody's any more

    bool operator==(const identity_row&) const = default;
};

enum class ticket_status : std::uint8_t { waiting = 1, offered, held, snoozed, wrapping_up, resolved };
std::string_view name_of(ticket_status status);
std::optional<ticket_status> ticket_status_named(std::string_view name);

/// One ticket. Columns are what lists filter and sort by; `state` is what the runtime needs to go on with an open one.
struct ticket_row {
    ticket_id id;
    ticket_status status = ticket_status::waiting;
    customer_id customer;
    agent_id holder;
    std::string queue;
    std::string channel;
    std::string conversation;  ///< finds this ticket for the next contact of the same conversation; may be empty
    std::string subject;       ///< or the first words; at most 200 bytes
    time_point created_at;
    time_point updated_at;
    std::uint32_t entries = 0;  ///< number of its entries so far
    std::string state;

    bool operator==(const ticket_row&) const = default;
};

/// One line of a ticket's history: a contact, a reply, a note, a decision, what happened to offers.
struct entry_row {
    ticket_id ticket;
    std::uint32_t number = 0;  ///< 1, 2, ... within the ticket
    std::string kind;          ///< "contact", "decision", "reply", "note", "offered", ...
    time_point at;
    std::string json;

    bool operator==(const entry_row&) const = default;
};

struct agent_row {
    agent_id id;
    std::string login;
    std::string json;  ///< name, role, queues, skills, ...: engine/runtime

    bool operator==(const agent_row&) const = default;
};

enum class outbox_state : std::uint8_t { pending = 1, sent, failed };

struct outbox_row {
    outbox_id id;
    ticket_id ticket;
    std::uint32_t entry = 0;  ///< the entry that this delivers
    std::string channel;
    outbox_state state = outbox_state::pending;
    std::uint32_t attempts = 0;
    time_point due;
    std::string json;

    bool operator==(const outbox_row&) const = default;
};

/// One record of the journal: everything that the deterministic core was told, in order, for replay.
struct journal_row {
    std::uint64_t first = 0;  ///< sequence numbers it spans
    std::uint64_t last = 0;
    time_point at;
    std::string bytes;

    bool operator==(const journal_row&) const = default;
};

struct ruleset_row {
    std::string hash;
    std::string author;
    time_point at;
    std::string files;  ///< engine/rules' archive of the folder

    bool operator==(const ruleset_row&) const = default;
};

/// One of the few things of a kind that are kept by name: who must not be written to, who is blocked, what could not be
/// taken in. Their meaning and bytes are the runtime's.
struct kept_row {
    std::string kind;  ///< "stop", "block", "quarantine", ...
    std::string id;    ///< unique within its kind; lists are in the order of their bytes
    time_point at;
    std::string bytes;
    bool removed = false;  ///< in a batch: the row of this kind and id goes

    bool operator==(const kept_row&) const = default;
};

/// Names one try of one batch. Retrying under the same id applies it once; numbers of one incarnation rise by one.
struct batch_id {
    std::array<unsigned char, 16> incarnation{};
    std::uint64_t number = 0;

    bool operator==(const batch_id&) const = default;
};

/// Everything that one step of the writer changed: applied whole or not at all. Rows replace rows with the same key.
struct batch {
    batch_id id;
    time_point at;
    std::vector<std::uint64_t> consumed;  ///< positions from ingest() that are decided by this batch
    std::vector<key_row> keys;
    std::vector<customer_row> customers;
    std::vector<identity_row> identities;
    std::vector<ticket_row> tickets;
    std::vector<entry_row> entries;
    std::vector<agent_row> agents;
    std::vector<outbox_row> outbox;
    std::optional<journal_row> journal;
    std::vector<ruleset_row> rulesets;
    std::optional<std::string> active_ruleset;                  ///< hash
    std::vector<std::pair<std::string, std::string>> settings;  ///< small named values, e.g. counters
    std::vector<kept_row> kept;
    /// Resolved tickets that go for ever, with entries, messages and conversation; after everything above.
    std::vector<ticket_id> erased;

    bool empty() const {
        return consumed.empty() && keys.empty() && customers.empty() && identities.empty() && tickets.empty() &&
               entries.empty() && agents.empty() && outbox.empty() && !journal && rulesets.empty() && !active_ruleset &&
               settings.empty() && kept.empty() && erased.empty();
    }
};

}  // namespace kindred::store
