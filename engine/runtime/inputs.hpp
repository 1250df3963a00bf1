#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/record.hpp"
#include "engine/customers/block_list.hpp"
#include "engine/customers/consent.hpp"
#include "engine/customers/imported_row.hpp"
#include "engine/customers/joins.hpp"
#include "engine/dispatch/commands.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/arrivals/recent_contacts.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/desks/ticket_standing.hpp"
#include "engine/runtime/people/person.hpp"
#include "engine/runtime/rules/rollout.hpp"
#include "engine/runtime/surveys/survey_answer.hpp"
#include "engine/runtime/tickets/incident_book.hpp"
#include "engine/runtime/tickets/ticket_inputs.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Everything that the writer can be given, as values. Each `done` runs once, after what it reports is durable; when it
/// is dropped without having run, the work was not taken (the engine stopped or started over).
namespace kindred::runtime {

/// What became of one record.
struct outcome {
    enum class state { accepted = 1, duplicate, ignored, refused, quarantined } what = state::accepted;
    ticket_id ticket;
    std::uint32_t entry = 0;
    std::string reason;      ///< of ignored, refused and quarantined: from a small fixed set
    channel::situation now;  ///< of calls: where they stand
    bool went_on = false;    ///< a further contact of a ticket that was open
    customer_id nameless{};  ///< of accepted contacts: the customer, where no name of theirs is on record
};

std::string_view name_of(outcome::state what);

/// A provider's request as it arrived, so that it can be looked at and taken in again.
struct raw_request {
    std::string method;
    std::string url;
    std::string subpath;
    std::string query;
    std::vector<channel::header> headers;
    std::string body;
    std::string envelope_from;
    std::vector<std::string> envelope_to;
    std::string session;
    bool authenticated = false;
};

/// All records of one provider request.
struct delivery {
    const channel_entry* via = nullptr;
    std::vector<channel::record> records;
    std::function<void(std::vector<outcome>)> done;
    std::vector<store::prefetched> known;                  ///< filled by intake, one per record, or none
    std::vector<std::optional<opening_contact>> openings;  ///< filled by intake: of conversations whose ticket waits
    std::shared_ptr<const raw_request> raw = nullptr;      ///< kept where the records cannot be taken in
    /// Filled by intake, one per record: the sender's language, where customer and ticket were not looked up because
    /// the writer is said to have them (at_hand.hpp).
    std::vector<std::optional<std::string>> at_hand{};
    std::vector<std::optional<store::ticket_row>> goes_on{};  ///< filled by intake: look_up_what_goes_on()
    bool came_back = false;                                   ///< the writer did not have them: everything is looked up
    /// Filled by crm_lookup, one per record or none at all: what an outside CRM states of the sender, as a JSON object
    /// of declared attributes; empty: nothing.
    std::vector<std::string> stated{};
    /// Filled by intake: of senders who may turn out to be several customers, the tickets of theirs that wait.
    std::vector<opening_contact> waiting_of_joined{};
    /// Set where the store was asked for nothing at all: as of so many commits none of its keys had been used.
    std::optional<std::uint64_t> unused_as_of{};

    /// What the store knows of a record; nothing where it was not asked.
    const store::prefetched& known_of(std::size_t record) const;
};

/// One cause behind many tickets.
struct incident_change {
    enum class act { open = 1, link, unlink, reply, resolve } what = act::open;
    agent_id by;
    incident_id incident;  ///< 0: a new one
    std::string text;      ///< title, message or disposition
    std::vector<ticket_id> tickets;
    action_done done;
};

/// A supervisor says something about a queue without touching its rules.
struct queue_order {
    agent_id by;
    dispatch::command told;  ///< close_until, lift_closure, set_notice or lift_notice; `by` is filled in
    action_done done;
};

/// An agent answers an offer.
struct offer_answer {
    agent_id by;
    offer_id offer;
    bool accepts = false;
    std::string reason;
    action_done done;
};

struct presence_change {
    agent_id agent;
    dispatch::presence state = dispatch::presence::offline;
    std::string reason;
    action_done done;
};

/// The first desk of an agent opened, or its last one closed: a lease on its offers.
struct desk_change {
    agent_id agent;
    bool open = false;
};

/// Asks for what an agent's desk shows at first. `done` gets the snapshot's members as JSON, after everything it shows
/// is durable and before any later change is published.
struct desk_snapshot {
    agent_id agent;
    std::function<void(std::string)> done;
};

/// What a call's provider asks while the caller waits, and what a web chat shows to a visitor who comes.
struct situation_question {
    std::string channel;
    std::string conversation;
    std::function<void(channel::situation)> done;
    std::string queue = {};  ///< asked about where the conversation has no open ticket; empty: none
};

/// Somebody in a web chat writes or has read: worth telling the other side now, and never again.
struct chat_signal {
    enum class sort { typing = 1, read } what = sort::typing;
    std::string channel;       ///< of a visitor
    std::string conversation;  ///< of a visitor
    agent_id by;               ///< of an agent: it, the ticket and, for `read`, the last line seen
    ticket_id ticket;
    std::uint32_t entry = 0;
    /// Of an agent: brings a frame to a visitor.
    std::function<void(const std::string& channel, const std::string& visitor, const std::string& frame)> tell;
};

/// Live figures for supervisors, as JSON.
struct board_question {
    enum class about {
        queues = 1,
        agents,
        presence,
        ticket,
        rules,
        colleagues,
        estimates,
        incidents
    } what = about::queues;
    ticket_id ticket;
    agent_id agent;
    std::function<void(result<std::string>)> done;
};

/// What the outbox achieved with one message.
struct delivery_report {
    outbox_id message;
    channel::delivery became;
    time_point at;
    std::uint32_t attempts = 0;
    std::function<void()> done;
};

/// Rules that passed their check take over.
struct rules_change {
    rules::ruleset rules;
    std::string author;
    std::function<void(result<std::string>)> done;  ///< gets the hash in force
    std::string how = "activate";                   ///< or "folder", "rollback": for the record
    std::string from;                               ///< the hash they were made from; empty: whichever are in force
    std::string folder;                             ///< hash of the configured folder, where they came from it
    bool kept = false;                              ///< the store has this version
    std::optional<rollout_wish> rollout;            ///< they are only tried, beside those in force
};

/// Makes or changes people; ids of new ones are 0.
struct roster_change {
    std::vector<person> people;
    action_done done;
    std::string by = {};  ///< "agent:ann"; empty: the configuration
    /// What whoever asks may do itself: nobody gives or takes more than that. None: the configuration.
    std::optional<permission_set> giver = {};
};

/// A role of the centre's own comes, permits something else, or goes.
struct role_change {
    enum class act { add = 1, change, remove } what = act::add;
    role wanted;           ///< of one that goes the name alone counts
    permission_set giver;  ///< what whoever asks may do itself
    action_done done;
    std::string by = {};  ///< "agent:ann"
};

namespace profile {
/// Absent members stay as they are.
struct set {
    std::string attributes = "{}";  ///< JSON object of declared ones
    std::optional<std::string> name = {};
    std::optional<std::string> language = {};
    std::optional<std::vector<std::string>> tags = {};
};
/// A declared event of the CRM, which moves attributes.
struct event {
    std::string name;
    std::string data = "{}";  ///< JSON object
};
/// Takes the place of the one in the same dimension; an empty value takes it away.
struct place_pin {
    pin placed;
};
struct note {
    std::string text;  ///< Markdown
    bool pinned = false;
};
/// The customer goes on as the other one.
struct merge {
    customer_id into;
    std::string reason;
};
/// The customer, who goes on as another one, is somebody for himself again.
struct unmerge {
    std::string reason;
};
/// Nothing is kept of the customer but the number: refused while a ticket is open or a message on its way.
struct erase {
    std::string reason;
    std::vector<ticket_id> tickets = {};     ///< filled by intake: all that the store has
    std::vector<store::kept_row> rows = {};  ///< filled by intake: notes, files and the like, to be removed
};
/// Answers to a survey, by its signed link.
struct survey_answers {
    ticket_id ticket;
    std::uint32_t entry = 0;  ///< of the survey in the ticket's history
    std::vector<survey_answer> answers;
    std::optional<store::ticket_row> known = {};  ///< filled by intake
};
/// A provider says who a customer is. It fills in what nobody has said so far, and takes nothing from anybody.
struct introduce {
    channel::introduction as;
    std::vector<customer_id> owners = {};  ///< filled by intake: whose as.identities are, one each; 0: nobody's
};
}  // namespace profile

/// Something that changes what is on record of a customer, from the CRM or an agent.
struct customer_change {
    customer_id customer;
    std::variant<profile::set, profile::event, profile::place_pin, profile::note, profile::merge, profile::unmerge,
                 profile::erase, profile::introduce, profile::survey_answers>
        what;
    std::string source;           ///< "crm:shop", "agent:ann"
    std::string idempotency_key;  ///< with its source: the same key has one effect; empty: none given
    action_done done;
    /// Filled by intake: the customer who goes on for the one that is named (of `unmerge`: the one that is named), of
    /// merges the other one, and the tickets of both that may have to be decided again.
    std::optional<store::customer_row> stored = {};
    std::optional<store::customer_row> other = {};
    std::vector<opening_contact> waiting = {};
    bool repeated = false;    ///< filled by intake: the store knows the key
    std::uint32_t noted = 0;  ///< then: the note that it made, 0 for everything else
};

/// Rows of a file with customers, in its order: who is not on record yet is made, who is gets what a row states.
struct customer_import {
    std::vector<customers::imported_row> rows;
    std::string source;  ///< "crm:shop", "agent:root"
    std::function<void(customers::import_counts)> done;
    std::vector<store::prefetched> known = {};  ///< filled by intake, one per row
    std::vector<opening_contact> waiting = {};  ///< filled by intake: tickets that may have to be decided again
};

/// What nobody needs any more, by how long it is to be kept.
struct retirement {
    struct closed_ticket {
        ticket_id id;
        std::vector<store::kept_row> rows;  ///< of its files: they go with it, and stay where it stays
    };
    /// A closed ticket that stays, without what was written in it.
    struct worded_ticket {
        ticket_id id;
        time_point untouched_since;                   ///< else it stays as it is
        std::vector<store::entry_row> entries;        ///< in place of those that are there
        std::vector<store::outbox_row> messages;      ///< likewise; all settled
        std::optional<store::ticket_row> known = {};  ///< filled by intake
    };
    std::string kind;                    ///< "closed_tickets", "attachments": for the audit log
    std::uint64_t count = 0;             ///< of what went otherwise, and is to be on the audit log
    std::vector<closed_ticket> tickets;  ///< to go with everything said in them
    std::vector<worded_ticket> words;    ///< to lose their words
    action_done done;                    ///< gets {"removed": n}
};

/// A small named value that somebody outside wants to find again after a restart. Names are the caller's own.
struct kept_value {
    std::string name;
    std::string value;
    std::function<void()> done;
};

namespace registers {
/// Nobody may write to the customer from now on, or everybody may again.
struct consent_change {
    customers::do_not_contact stop;
    bool lift = false;
};
/// Somebody's messages are not taken in until then.
struct block_change {
    customers::block block;
    bool lift = false;
};
/// A request that a bug, or its own shape, kept from being taken in.
struct quarantine_add {
    store::kept_row row;
    std::string channel;
};
struct quarantine_drop {
    std::string id;
};
/// Rows whose meaning the writer does not need.
struct row_change {
    std::vector<store::kept_row> rows;
};
/// Something that was done elsewhere goes on the audit log.
struct audit_note {
    std::string action;
    std::string about;
    std::string detail = "{}";  ///< JSON object
};
/// Pairs that look alike: those of whom nothing was said yet are proposed.
struct join_proposals {
    std::vector<customers::join_proposal> found;
};
/// They are two people.
struct join_dismissal {
    customers::customer_pair who;
    std::string reason;
};
}  // namespace registers

/// A change to what is kept by name.
struct register_change {
    std::variant<registers::consent_change, registers::block_change, registers::quarantine_add,
                 registers::quarantine_drop, registers::row_change, registers::audit_note, registers::join_proposals,
                 registers::join_dismissal>
        what;
    action_done done;
    std::string by = {};  ///< "agent:ann", "crm:shop"; empty: the engine itself
};

/// The store has settled a batch: the next one can go. Says nothing by itself; it wakes the writer.
struct store_is_idle {};

using input = std::variant<store_is_idle, delivery, ticket_action, offer_answer, presence_change, desk_change,
                           desk_snapshot, situation_question, board_question, delivery_report, rules_change,
                           roster_change, customer_change, chat_signal, kept_value, outbound_contact, incident_change,
                           queue_order, register_change, customer_import, retirement, standing_question, role_change>;

}  // namespace kindred::runtime
