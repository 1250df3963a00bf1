#pragma once
#include "engine/dispatch/dispatcher.hpp"
#include "engine/dispatch/id_table.hpp"
#include "engine/routing/calendar_watch.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/simulation/arrivals.hpp"
#include "engine/simulation/escalations.hpp"
#include "engine/simulation/random.hpp"

#include <queue>
#include <string>
#include <vector>

namespace kindred::simulation {

/// How a contact stopped waiting.
enum class ending { answered = 1, abandoned, refused };

/// Is told what happens while it happens.
class observer {
public:
    virtual ~observer() = default;
    virtual void stopped_waiting(std::uint32_t what, time_point came, duration waited, ending how) = 0;
    /// It has come and was not answered at once: dispatch can be asked how long it will wait.
    virtual void began_waiting(std::uint32_t /*what*/, ticket_id /*ticket*/, const dispatch::dispatcher& /*core*/) {}
    /// An agent was at work on it, wrap-up included, for `worked` until now.
    virtual void worked_on(std::uint32_t /*what*/, time_point /*now*/, duration /*worked*/) {}
    /// The agent holds something from now on, or nothing more.
    virtual void agent_busy(agent_id /*agent*/, time_point /*now*/, bool /*busy*/) {}
    virtual void agent_present(agent_id /*agent*/, time_point /*now*/, bool /*present*/) {}
    virtual void offer_not_taken(std::uint32_t /*what*/, time_point /*now*/, bool /*declined*/) {}
    virtual void escalated(std::uint32_t /*what*/, time_point /*now*/, const std::string& /*escalation*/) {}
};

/// An agent and when it is there. Agents are numbered by their place, from 1.
struct staff {
    dispatch::upsert_agent who;
    const conditions::calendar* present = nullptr;  ///< none: always
    double declines = 0;                            ///< so many of its offers, 0 to 1
    double misses = 0;                              ///< so many it leaves until they expire
};

/// What agents do with offers.
struct conduct {
    duration answer{0};           ///< until they accept or decline
    duration back_after{60'000};  ///< until one that missed an offer is there again, where the rules do not say it
    std::uint64_t seed = 1;       ///< of which offers they decline and miss
};

/// A contact centre whose customers and agents are simulated and whose dispatch is the real one: a discrete-event
/// simulation. Pure: the same arguments give the same events. The rules, source and observer must outlive it.
class centre {
public:
    /// Everything at `start`. `configured` is what dispatch is told of the queues.
    centre(const rules::ruleset& rules, const dispatch::configure& configured, const std::vector<staff>& agents,
           const conduct& how, time_point start, arrival_source& source, observer& seen);

    /// Goes on until then; false when nothing can happen any more before.
    bool run_until(time_point end);
    time_point now() const { return now_; }
    std::size_t waiting() const { return waiting_; }
    /// Who still waits now, in the order in which they came: what each is, when it came.
    std::vector<std::pair<std::uint32_t, time_point>> still_waiting() const;

private:
    /// In the order of an engine's step.
    enum class moment_kind : std::uint8_t { shift, returns, talk_ends, answers, declines, gives_up };
    struct moment {
        time_point at;
        moment_kind kind;
        std::uint64_t number;  ///< ticket, offer or agent's place; also breaks ties
        agent_id agent;        ///< who answers or declines
        bool operator>(const moment& other) const {
            return std::tie(at, kind, number) > std::tie(other.at, other.kind, other.number);
        }
    };
    struct open_contact {
        ticket_id ticket;
        std::uint32_t what = 0;
        time_point came;
        duration handling{0};
        time_point held_since;
        bool waits = true;
        std::size_t agent = 0;  ///< who holds it
    };
    class live_board;

    struct pending_offer {
        offer_id offer;
        agent_id agent;
        bool declines = false;
    };

    std::optional<time_point> next_moment();
    void happen();
    void carry_out(const moment& due);
    void arrive();
    void change_shift(std::size_t agent);
    void follow(const routing::calendar_watch::change& change);
    /// False when it is refused. Sees to the offers that it leads to.
    bool tell(const dispatch::command& told);
    void note(const dispatch::event& happened);
    void consider(const dispatch::offer_made& made);
    void note_end_of(const dispatch::offer_closed& closed);
    void note_presence(const dispatch::agent_changed& changed);
    void answer_offers();
    void escalate();
    bool is_on_shift(std::size_t agent) const;
    std::uint32_t what_of(ticket_id ticket) const { return contacts_[slots_.find(ticket.value)].what; }
    void set_in_hand(std::size_t agent, int more);
    void forget(dispatch::slot_no slot);

    const rules::ruleset& rules_;
    const std::vector<staff>& agents_;
    conduct how_;
    bool come_back_by_themselves_;  ///< those who missed an offer: the rules say when
    random_stream choices_;
    arrival_source& source_;
    observer& seen_;
    dispatch::dispatcher dispatch_;
    routing::calendar_watch calendars_;
    time_point now_;
    std::priority_queue<moment, std::vector<moment>, std::greater<>> moments_;
    std::vector<int> in_hand_;  ///< by agent's place
    std::vector<open_contact> contacts_;
    std::vector<dispatch::slot_no> free_contacts_;
    dispatch::id_table slots_;  ///< of contacts, by ticket
    std::vector<dispatch::event> happened_;
    std::vector<pending_offer> offers_;
    std::vector<ticket_id> answered_;  ///< accepted just now
    escalations escalations_;
    std::uint64_t last_ticket_ = 0;
    std::size_t waiting_ = 0;
};

}  // namespace kindred::simulation
