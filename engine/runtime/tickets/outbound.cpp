#include "engine/runtime/tickets/outbound.hpp"

#include "engine/domain/identity.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/arrivals/customer_draft.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/sending/reply_parts.hpp"
#include "engine/runtime/tickets/actions.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

namespace kindred::runtime {
namespace {

constexpr std::size_t longest_text = 100'000;  // bytes
constexpr std::size_t longest_subject = 500;

std::optional<identity> identity_of(const std::string& address) {
    if (address.find('@') != std::string::npos) return email_identity(address, proof::claimed);
    return phone_identity(address);
}

result<void> check_texts(const outbound_contact& wanted, channel_kind kind) {
    const auto& says = wanted.says;
    if (says.text.size() > longest_text) return fail(errc::too_large, "text: at most 100000 bytes");
    if (wanted.subject.size() > longest_subject) return fail(errc::too_large, "subject: at most 500 bytes");
    const bool nothing = says.text.empty() && says.files.empty() && !says.use_template;
    if (!nothing && kind == channel_kind::phone) return fail(errc::invalid, "text: a call has none; use a note");
    return {};
}

/// The ticket that goes on: resolved, and of this channel.
result<ticket*> earlier_ticket(step& in, const outbound_contact& wanted) {
    auto* found = in.on().tickets.find(wanted.ticket);
    if (found == nullptr && wanted.known.ticket) {
        const auto adopted = in.on().tickets.adopt(*wanted.known.ticket, in.on().batch);
        if (!adopted) return adopted.error();
        found = *adopted;
    }
    if (found == nullptr) return fail(errc::not_found, "there is no ticket " + to_string(wanted.ticket));
    if (found->status != store::ticket_status::resolved)
        return fail(errc::conflict, "the ticket is open: reply to it, or have it assigned");
    if (!wanted.channel.empty() && wanted.channel != found->channel)
        return fail(errc::invalid, "channel: the ticket's is " + found->channel);
    return found;
}

std::string nobody_wrote() { return reply_context_of(channel::record{}, {}, never_written); }

/// One outbound contact, checked step by step and then carried out.
class beginning_contact {
public:
    beginning_contact(step& in, const outbound_contact& wanted, ticket* earlier, const channel_entry& via)
        : in_(in), wanted_(wanted), earlier_(earlier), via_(via) {}

    result<std::string> carry_out() {
        const auto whose = addressee();
        if (!whose) return whose.error();
        if (wanted_.test) return carry_out_test(**whose);
        auto held = in_.try_tell(holding());
        if (!held) return held.error();
        auto& about = earlier_ == nullptr ? new_ticket(**whose) : go_on();
        if (via_.kind == channel_kind::phone) promise_call(about);
        in_.entry(about, "outbound", by_whom());
        in_.record(*held);
        if (via_.kind != channel_kind::phone) write(about);
        return "{" + ticket_frame(in_.on(), about, in_.now()) + "}";
    }

private:
    /// Whom it is for, once all that it says can be sent; nothing where an earlier ticket knows.
    result<std::optional<identity>> addressee() const {
        if (via_.kind == channel_kind::phone && wanted_.test)
            return fail(errc::invalid, "channel: no message goes out by phone; call the number to try it");
        if (auto fine = check_texts(wanted_, via_.kind); !fine) return fine.error();
        if (via_.kind != channel_kind::phone) {
            const auto last = earlier_ == nullptr ? nobody_wrote() : earlier_->context;
            if (auto fine = reply_parts(via_, last, wanted_.says, in_.now()); !fine) return fine.error();
        }
        if (earlier_ != nullptr) return std::optional<identity>();
        auto whose = identity_of(wanted_.to);
        if (!whose)
            return fail(errc::invalid, "to: wants a mail address, or a phone number with its country: +525512345678");
        return whose;
    }

    /// Dispatch hears nothing of it: nobody's capacity is used, no target runs, and it is over once it is written.
    result<std::string> carry_out_test(const identity& whose) {
        queue_ = in_.on().rules.compiled().routes.back().queue;
        auto& about = new_ticket(whose);
        in_.entry(about, "message_test", by_whom());
        write(about);
        about.status = store::ticket_status::resolved;
        in_.on().tickets.closed(about.id, in_.on().batch);
        json::writer detail;
        detail.begin_object().member("ticket", to_string(about.id)).end_object();
        in_.audit(wanted_.source, "channel.message_tested", "channel:" + via_.name, detail.take());
        return "{" + ticket_frame(in_.on(), about, in_.now()) + "}";
    }

    dispatch::begin_held holding() const {
        const auto& rules = in_.on().rules;
        dispatch::begin_held told;
        told.ticket = earlier_ == nullptr ? ticket_id{in_.on().used.tickets + 1} : earlier_->id;
        told.agent = wanted_.by;
        told.kind = via_.kind;
        told.cost = static_cast<std::uint32_t>(std::max(1, rules.cost_of(via_.kind)));
        told.plan.queue = wanted_.queue;
        const bool stays = earlier_ != nullptr && rules.queue(earlier_->queue) != nullptr;
        if (told.plan.queue.empty()) told.plan.queue = stays ? earlier_->queue : rules.compiled().routes.back().queue;
        queue_ = told.plan.queue;
        return told;
    }

    ticket& new_ticket(const identity& whose) {
        channel::record addressed;
        addressed.from = wanted_.to;
        addressed.to = wanted_.from;
        addressed.subject = wanted_.subject;
        addressed.identities.push_back(whose);
        auto& person = keep(in_, draft_addressee(in_, addressed, via_, wanted_.known));
        if (!wanted_.test) ++person.open_tickets;
        ticket made;
        made.id = ticket_id{++in_.on().used.tickets};
        made.customer = person.id;
        made.customer_name = person.name;
        made.channel = via_.name;
        made.subject = wanted_.subject;
        made.queue = queue_;
        made.created_at = made.updated_at = made.waiting_since = in_.now();
        made.context = reply_context_of(addressed, person.language, never_written);
        return in_.on().tickets.add(std::move(made));
    }

    ticket& go_on() {
        in_.on().tickets.reopened(earlier_->id);
        earlier_->queue = queue_;
        earlier_->waiting_since = in_.now();
        if (auto* person = in_.on().customers.find(earlier_->customer)) {
            ++person->open_tickets;
            ++person->version;
            in_.touch(*person);
        }
        return *earlier_;
    }

    /// The call is placed by what follows from the ticket being held, like that of a callback.
    static void promise_call(ticket& about) { mark(about.context, call_mark::call_back); }

    std::string by_whom() const {
        json::writer out;
        out.begin_object().member("channel", via_.name).member_if("to", wanted_.to);
        if (wanted_.by) write_agent(out, "agent", in_.on(), wanted_.by);
        return out.end_object().take();
    }

    void write(ticket& about) {
        auto parts = reply_parts(via_, about.context, wanted_.says, in_.now());
        if (!parts) return;  // what it says has been looked at before the ticket was begun
        json::writer out;
        out.begin_object().member("text", wanted_.says.text);
        if (wanted_.by) write_agent(out, "agent", in_.on(), wanted_.by);
        write_reply_extras(out, wanted_.says);
        const auto number = in_.entry(about, "reply", out.end_object().take());
        const auto* someone = in_.on().people->find(wanted_.by);
        for (auto& message : *parts) {
            if (!wanted_.subject.empty()) message.subject = wanted_.subject;
            if (someone != nullptr) message.agent_name = someone->name;
            in_.send(about, number, std::move(message));
        }
        if (!wanted_.test) (void)in_.tell(dispatch::agent_replied{about.id});
    }

    step& in_;
    const outbound_contact& wanted_;
    ticket* earlier_;
    const channel_entry& via_;
    mutable std::string queue_;
};

}  // namespace

store::prefetch_query question_for(const outbound_contact& wanted) {
    store::prefetch_query question;
    question.ticket = wanted.ticket;
    if (!wanted.idempotency_key.empty()) question.key = {idempotency_space(wanted.by), wanted.idempotency_key};
    if (const auto whose = identity_of(wanted.to)) question.identities.push_back(whose->text);
    return question;
}

result<std::string> begin_contact(step& in, const outbound_contact& wanted) {
    const store::unique_key key{idempotency_space(wanted.by), wanted.idempotency_key};
    if (!wanted.idempotency_key.empty()) {
        const auto before = wanted.known.seen ? wanted.known.seen : in.on().keys.find(key);
        if (before) return R"({"ticket":{"id":")" + to_string(before->ticket) + R"("},"repeated":true})";
    }
    ticket* earlier = nullptr;
    if (wanted.ticket) {
        auto found = earlier_ticket(in, wanted);
        if (!found) return found.error();
        earlier = *found;
    }
    const auto& name = earlier == nullptr ? wanted.channel : earlier->channel;
    const auto* via = in.on().channels.find(name);
    if (via == nullptr) return fail(errc::invalid, "channel: there is no channel \"" + name + "\"");
    const ticket_id id = earlier == nullptr ? ticket_id{in.on().used.tickets + 1} : earlier->id;
    auto answer = beginning_contact(in, wanted, earlier, *via).carry_out();
    if (answer && !wanted.idempotency_key.empty()) in.use_key(key, id, 1);
    return answer;
}

}  // namespace kindred::runtime
