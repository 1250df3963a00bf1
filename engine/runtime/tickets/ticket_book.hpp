#pragma once
#include "engine/base/error.hpp"
#include "engine/base/mixed_hash.hpp"
#include "engine/domain/ids.hpp"
#include "engine/store/rows.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace kindred::runtime {

/// A ticket as the writer keeps it: what the row says, and what answering its customer needs.
struct ticket {
    ticket_id id;
    store::ticket_status status = store::ticket_status::waiting;
    customer_id customer;
    std::string customer_name;
    agent_id holder;
    agent_id last_agent;
    std::string queue;
    std::string channel;
    std::string conversation;
    std::string subject;
    time_point created_at;
    time_point updated_at;
    time_point waiting_since;  ///< of the latest wait
    std::uint32_t entries = 0;
    std::string context;   ///< JSON: engine/runtime/tickets/reply_context.hpp
    std::string decision;  ///< JSON: engine/runtime/tickets/decision_record.hpp
};

/// The row's `state`: dispatch's bytes of the ticket (none once it is resolved) and what the columns lack.
std::string pack_state(const ticket& held, std::string_view dispatch_bytes);
/// The ticket of a row; `dispatch_bytes` then views into `row.state`. errc::corrupt when the state is not readable.
result<ticket> unpack(const store::ticket_row& row, std::string_view& dispatch_bytes);
store::ticket_row to_row(const ticket& held, std::string_view dispatch_bytes);

/// Open tickets, and those that ended so recently that a read from the store may not show it yet.
class ticket_book {
public:
    ticket* find(ticket_id id);
    const ticket* find(ticket_id id) const;
    ticket* find_conversation(std::string_view channel, std::string_view conversation);
    ticket& add(ticket opened);
    /// A resolved ticket as the store has it, for as long as one that ended in `batch`; the one that is here already
    /// when there is one; errc::not_found for one that was erased. It is not what its conversation finds: that may have
    /// gone on with another.
    result<ticket*> adopt(const store::ticket_row& row, std::uint64_t batch);
    /// A ticket is resolved: it stays findable until forget() passes `batch`.
    void closed(ticket_id id, std::uint64_t batch);
    /// A closed one goes on, and its conversation with it.
    void reopened(ticket_id id);
    /// A resolved ticket is gone for ever: rows that were read before do not bring it back.
    void erased(ticket_id id, std::uint64_t batch);
    /// Forgets resolved tickets whose end every reader of the store can see.
    void forget(std::uint64_t visible_batch);

    std::size_t size() const { return tickets_.size(); }
    template <class Visit>
    void for_each(Visit visit) const {
        for (const auto& [id, held] : tickets_) visit(held);
    }

private:
    using place = std::pair<std::string_view, std::string_view>;  ///< channel and conversation
    static place place_of(const ticket* each) { return {each->channel, each->conversation}; }
    static place place_of(const place& each) { return each; }
    struct hash {
        using is_transparent = void;
        std::size_t operator()(const auto& each) const {
            const auto [channel, conversation] = place_of(each);
            return mixed_hash(channel, conversation);
        }
    };
    struct same {
        using is_transparent = void;
        bool operator()(const auto& one, const auto& other) const { return place_of(one) == place_of(other); }
    };
    /// Its conversation finds it from now on.
    void show(ticket& latest);
    /// Its conversation does not find it any more.
    void hide(const ticket& leaving);

    std::unordered_map<ticket_id, ticket> tickets_;
    boost::unordered_flat_set<ticket*, hash, same> by_conversation_;  ///< a ticket stays where it is until it leaves
    std::deque<std::pair<std::uint64_t, ticket_id>> ending_;
    std::unordered_map<ticket_id, std::uint64_t> erased_;  ///< and in which batch
};

}  // namespace kindred::runtime
