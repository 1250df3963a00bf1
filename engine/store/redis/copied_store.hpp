#pragma once
#include "engine/store/redis/redis.hpp"

namespace kindred::store::redis {

/// Reads of a shared site that this node's copy answers: it has what this node committed before commit() returns.
class copied_store : public shared_store {
public:
    std::uint64_t commits() const override { return copy().commits(); }
    result<ticket_row> ticket(ticket_id id) override { return copy().ticket(id); }
    result<std::optional<ticket_row>> conversation(std::string_view channel, std::string_view conversation) override {
        return copy().conversation(channel, conversation);
    }
    result<std::vector<ticket_row>> tickets(const ticket_filter& filter) override { return copy().tickets(filter); }
    result<std::vector<entry_row>> entries(ticket_id ticket, std::uint32_t after, std::size_t limit) override {
        return copy().entries(ticket, after, limit);
    }
    result<void> entries_between(const entry_selection& wanted,
                                 const std::function<bool(const selected_entry&)>& each) override {
        return copy().entries_between(wanted, each);
    }
    result<std::vector<outbox_row>> outbox_of(ticket_id ticket) override { return copy().outbox_of(ticket); }
    result<customer_row> customer(customer_id id) override { return copy().customer(id); }
    result<customer_row> customer_with(std::string_view identity) override { return copy().customer_with(identity); }
    result<std::vector<customer_row>> customers(customer_id after, std::size_t limit) override {
        return copy().customers(after, limit);
    }
    result<std::vector<ruleset_row>> rulesets() override { return copy().rulesets(); }
    result<ruleset_row> ruleset(std::string_view hash) override { return copy().ruleset(hash); }
    result<std::vector<kept_row>> kept(std::string_view kind, std::string_view prefix, std::string_view after,
                                       std::size_t limit) override {
        return copy().kept(kind, prefix, after, limit);
    }
    result<kept_row> kept_one(std::string_view kind, std::string_view id) override { return copy().kept_one(kind, id); }
    result<void> journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) override {
        return copy().journal(from, each);
    }
    result<std::optional<session_row>> session(std::string_view hash) override { return copy().session(hash); }
    result<std::optional<token_row>> token(std::string_view hash) override { return copy().token(hash); }
    result<std::vector<token_row>> tokens() override { return copy().tokens(); }
    result<void> backup(const std::string& file) override { return copy().backup(file); }

protected:
    virtual store& copy() const = 0;
};

}  // namespace kindred::store::redis
