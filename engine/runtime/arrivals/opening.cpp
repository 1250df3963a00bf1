#include "engine/runtime/arrivals/opening.hpp"

#include "engine/routing/plan.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/runtime/desks/board.hpp"
#include "engine/runtime/self_service/answering_itself.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/redecision.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

agent_id agent_called(const world& on, std::string_view login) {
    const auto* someone = login.empty() ? nullptr : on.people->find(login);
    return someone == nullptr ? agent_id{} : someone->id;
}

/// Whom the customer's profile names as the one who looks after this customer.
agent_id owner_of(const world& on, const customer& person) {
    const auto found = person.declared.find(rules::owner_attribute);
    const auto* login = found == person.declared.end() ? nullptr : std::get_if<std::string>(&found->second.value);
    return login == nullptr ? agent_id{} : agent_called(on, *login);
}

/// `hold`: how long nobody is offered the ticket.
dispatch::command queue_command(const world& on, const opening_request& wanted, const rules::decision& decided,
                                const customer& person, duration hold) {
    const auto cost = static_cast<std::uint32_t>(std::max(1, on.rules.cost_of(wanted.via.kind)));
    if (wanted.reopens)
        return dispatch::reopen{wanted.earlier->id, wanted.via.kind, cost, routing::to_plan(decided),
                                wanted.earlier->last_agent};
    const ticket_id id{on.used.tickets + 1};
    return dispatch::enqueue{id,
                             wanted.via.kind,
                             cost,
                             held_back(routing::to_plan(decided), hold),
                             agent_called(on, person.last_agent),
                             owner_of(on, person)};
}

ticket new_ticket(step& in, const opening_request& wanted, const customer& person) {
    ticket made;
    made.id = ticket_id{++in.on().used.tickets};
    made.customer = person.id;
    made.customer_name = person.name;
    made.channel = wanted.via.name;
    made.conversation = wanted.happened.conversation;
    made.subject = headline_of(wanted.happened);
    made.created_at = in.now();
    made.updated_at = in.now();
    return made;
}

ticket& take_up(step& in, const opening_request& wanted, const customer& person) {
    auto& tickets = in.on().tickets;
    if (!wanted.reopens) return tickets.add(new_ticket(in, wanted, person));
    tickets.reopened(wanted.earlier->id);
    return *wanted.earlier;
}

void answer_automatically(step& in, ticket& about, const std::string& text, std::string_view script) {
    json::writer out;
    out.begin_object().member("text", text).member("automatic", true).member_if("script", script).end_object();
    const auto number = in.entry(about, "reply", out.take());
    auto message = outgoing_from(about.context);
    message.text = text;
    message.automatic = true;
    in.send(about, number, std::move(message));
}

/// What the customer is told when the queue that was meant is closed, once. A ticket that went on to an open queue is
/// not told that it has to wait.
void answer_closed(step& in, ticket& about, const rules::decision_input& input) {
    const auto& on = in.on();
    const auto* queue = on.rules.queue(about.queue);
    const auto door = on.dispatch.door(about.queue);
    if (queue == nullptr || !door || door->open) return;
    const auto& closed = door->holiday && queue->when_holiday ? *queue->when_holiday : queue->when_closed;
    if (closed.reply.empty()) return;
    auto text = on.rules.script(closed.reply, input);
    if (!text) text = on.rules.article(closed.reply, input);
    if (text) answer_automatically(in, about, text->markdown, text->id);
}

/// What a supervisor wants customers of this queue to be told now.
void give_notice(step& in, ticket& about) {
    const auto door = in.on().dispatch.door(about.queue);
    if (door && !door->notice.empty()) answer_automatically(in, about, door->notice, {});
}

/// A queue that takes nothing while it is closed: the contact is on record, answered where that is wanted, and over.
void close_at_once(step& in, ticket& about) {
    about.status = store::ticket_status::resolved;
    json::writer out;
    out.begin_object().member("disposition", "queue_closed").end_object();
    in.entry(about, "resolved", out.take());
    in.on().tickets.closed(about.id, in.on().batch);
}

void record_arrival(step& in, ticket& about, const opening_request& wanted, const decided_by_arm& decided) {
    if (wanted.earlier != nullptr && !wanted.reopens) {
        json::writer out;
        out.begin_object().member("ticket", to_string(wanted.earlier->id)).end_object();
        in.entry(about, "continues", out.take());
    }
    in.entry(about, "decision", decision_json(decided));
}

}  // namespace

result<opened_ticket> open_ticket(step& in, const opening_request& wanted, customer_draft writer) {
    auto& on = in.on();
    const live_board board(on, in.now());
    const auto made_by = decide_by_arm(in, {wanted.arrived, writer.person, in.now(), board});
    const auto& decided = made_by.decided;
    const auto context = reply_context_of(wanted.happened, wanted.arrived.language, in.now());
    // Whoever comes back wants a person.
    auto article = wanted.earlier != nullptr
                       ? std::nullopt
                       : choose_article(on, wanted.via, wanted.happened,
                                        {wanted.arrived, writer.person, in.now(), board}, decided, context);
    auto queued = in.try_tell(queue_command(on, wanted, decided, writer.person, article ? article->hold : duration{0}));
    const bool taken = queued.has_value();
    if (!taken && queued.error().code != errc::unavailable) return fail(errc::overloaded, "queue_full");

    auto& person = keep(in, std::move(writer));
    auto& about = take_up(in, wanted, person);
    about.context = context;
    const auto before = wanted.reopens ? record_of(about) : decision_record{};
    about.decision = routing::decision_summary(decided);
    if (!before.survey.empty() || !before.self_service.empty()) {  // once, and the answer may still come
        auto record = record_of(about);
        record.survey = before.survey;
        record.self_service = before.self_service;
        keep_record(about, record);
    }
    about.queue = decided.queue;
    if (wanted.reopens) in.entry(about, "reopened", "{}");
    auto stored = channel::to_stored_json(wanted.happened);
    if (taken) {
        on.opened_lately.add({about.id, stored, in.now(), {}}, person.id, on.batch);
        on.said.opened(about.id, wanted.arrived, digest_of(decided));
    }
    opened_ticket made{about.id, in.entry(about, "contact", std::move(stored))};
    record_arrival(in, about, wanted, made_by);
    if (taken) {
        ++person.open_tickets;
        in.record(*queued);
    } else {
        close_at_once(in, about);
    }
    // Only where a machine may write; callers hear it from the connector.
    if (wanted.happened.answer_automatically && wanted.via.kind != channel_kind::phone) {
        answer_closed(in, about, {wanted.arrived, person, in.now(), board});
        give_notice(in, about);
    }
    if (taken && article) answer_with_article(in, about, wanted.via, *article, routing::to_plan(decided));
    return made;
}

}  // namespace kindred::runtime
