#pragma once
#include "engine/base/error.hpp"
#include "engine/dispatch/commands.hpp"
#include "engine/dispatch/encoding.hpp"
#include "engine/dispatch/events.hpp"
#include "engine/dispatch/views.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::dispatch {

struct core;

/// The deterministic core: queues, matching, offers, capacity, timers. A value: the same commands at the same times
/// give the same events and state on every machine. It reads no clock and does no I/O. One thread at a time.
///
/// After every command: a ticket has at most one holder, an agent's used units are the costs of what is offered to it
/// and held by it, and no ticket waits that an agent could be offered now.
class dispatcher {
public:
    dispatcher();
    ~dispatcher();
    dispatcher(const dispatcher& other);
    dispatcher& operator=(const dispatcher& other);
    dispatcher(dispatcher&&) noexcept;
    dispatcher& operator=(dispatcher&&) noexcept;

    /// Does what it is told, appends what happened to `out`. `now` never runs backwards: an earlier time counts as the
    /// latest one seen. Refusals change nothing and append nothing; their message starts with a stable name:
    /// not_found (unknown_ticket, unknown_agent, unknown_offer, unknown_queue), conflict (the state does not allow it,
    /// e.g. ticket_not_held), forbidden (not this agent's offer), invalid (a field is out of range), overloaded
    /// (queue_full), unavailable (closed_queue).
    result<void> apply(const command& told, time_point now, std::vector<event>& out);

    /// When `tick` has something to do next.
    std::optional<time_point> next_due() const;

    // Questions. None of them walks through waiting tickets, except position_of().
    std::optional<queue_figures> queue(std::string_view name, time_point now) const;
    std::optional<queue_door> door(std::string_view name) const;  ///< without the figures, which cost much more
    std::optional<agent_figures> agent(agent_id id) const;
    std::optional<ticket_view> ticket(ticket_id id, time_point now) const;
    std::optional<due_target> due(ticket_id id, time_point now) const;
    /// What its priority lets it begin with; nothing where it is not open.
    std::optional<duration> head_start(ticket_id id) const;
    std::optional<offer_view> offer(offer_id id) const;
    std::vector<std::string> queue_names() const;           ///< in byte order, retired ones with tickets included
    std::vector<agent_id> agents() const;                   ///< rising
    std::vector<ticket_id> tickets_of(agent_id id) const;   ///< held and in wrap-up, rising
    std::vector<ticket_id> consults_of(agent_id id) const;  ///< of others, that it is asked about, rising
    std::vector<offer_view> offers_of(agent_id id) const;   ///< by offer number
    std::size_t open_tickets() const;

    /// How many in its queue go before it, plus 1; 0 when it does not wait. Visits only those before it, and stops at
    /// `most`, which it then returns.
    std::uint32_t position_of(ticket_id id, std::uint32_t most = 1'000) const;

    /// How long a waiting ticket will wait, the steps to come counted; or at one step, as if that went on. Nothing
    /// where it does not wait. For each step it visits at most 1000 tickets before it and everybody present in the
    /// queues of those who could have it.
    std::optional<wait_estimate> estimate(ticket_id id, std::optional<std::uint32_t> step = std::nullopt) const;
    /// The same for one that came now; nothing where there is no such queue.
    std::optional<wait_estimate> estimate(const newcomer& wanted, time_point now) const;

    /// Why this ticket was or was not offered, and the first stage `asked` (0: nobody) failed. Looks at every agent.
    result<explanation> explain(ticket_id id, agent_id asked) const;

    // Survival. A ticket's bytes, and an agent's, change only with events and commands about it;
    // the site's hold the rest (queue clocks, counters) and change often: store them with every batch.
    result<std::string> encode_ticket(ticket_id id) const;
    result<std::string> encode_agent(agent_id id) const;
    std::string encode_site() const;

    /// Into an empty dispatcher that was told its `configure`: the site first (may be left out on a new site), then
    /// agents, then tickets. errc::corrupt, and nothing changed, where bytes are wrong or refer to what is not there.
    result<void> restore_site(std::string_view bytes);
    result<void> restore_agent(std::string_view bytes);
    result<void> restore_ticket(std::string_view bytes);

    /// Equal for equal states, however they came about. Visits everything: for tests, replay and audits.
    std::uint64_t state_hash() const;

private:
    std::unique_ptr<core> core_;
};

}  // namespace kindred::dispatch
