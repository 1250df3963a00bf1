#pragma once
#include "engine/store/memory/memory.hpp"

#include <map>
#include <mutex>
#include <unordered_map>

namespace kindred::store {

/// The tables of a memory store, under one lock.
class memory_disk {
public:
    using key = std::pair<std::string, std::string>;  ///< space and id, or channel and conversation

    static key key_of(const unique_key& named) { return {named.space, named.id}; }

    /// Puts the batch's rows in place of those with the same keys.
    void apply(const batch& changes);
    /// The ticket with all that belongs to it.
    void erase(ticket_id id);
    std::optional<ticket_row> find_ticket(ticket_id id) const;
    std::optional<customer_row> find_customer(std::string_view identity) const;
    bool matches(const ticket_row& ticket, const ticket_filter& filter) const;
    bool contains_words(const ticket_row& ticket, const std::vector<std::string>& words) const;

    mutable std::mutex mutex;
    std::map<std::array<unsigned char, 16>, std::uint64_t> writers;
    std::map<std::uint64_t, inbound_item> inbox;
    std::uint64_t last_position = 0;
    std::map<key, key_row> keys;
    std::map<customer_id, customer_row> customers;
    std::unordered_map<std::string, customer_id> identities;
    std::map<ticket_id, ticket_row> tickets;
    std::map<key, ticket_id> conversations;
    std::map<ticket_id, std::map<std::uint32_t, entry_row>> entries;
    std::map<agent_id, agent_row> agents;
    std::map<outbox_id, outbox_row> outbox;
    std::map<std::uint64_t, journal_row> journal;
    std::map<std::string, ruleset_row, std::less<>> rulesets;
    std::string active_ruleset;
    std::map<std::string, std::string> settings;
    std::map<key, kept_row> kept;  ///< by kind and id
    std::map<std::string, session_row, std::less<>> sessions;
    std::map<std::string, token_row, std::less<>> tokens;
};

}  // namespace kindred::store
