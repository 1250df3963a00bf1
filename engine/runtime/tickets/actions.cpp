#include "engine/runtime/tickets/actions.hpp"

#include "engine/base/text.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/sending/reply_parts.hpp"
#include "engine/runtime/sending/sending_again.hpp"
#include "engine/runtime/tickets/calls.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/mentions.hpp"
#include "engine/runtime/tickets/merging.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t longest_text = 100'000;  // bytes of a reply or note

result<ticket*> ticket_for(step& in, const ticket_action& wanted) {
    if (auto* here = in.on().tickets.find(wanted.ticket)) return here;
    if (!wanted.known.ticket) return fail(errc::not_found, "there is no ticket " + to_string(wanted.ticket));
    return in.on().tickets.adopt(*wanted.known.ticket, in.on().batch);
}

std::string ticket_json(step& in, const ticket& about) { return "{" + ticket_frame(in.on(), about, in.now()) + "}"; }

/// One function for each action.
class actor {
public:
    actor(step& in, const ticket_action& wanted, ticket& about) : in_(in), wanted_(wanted), about_(about) {}

    result<std::string> operator()(const action::reply& said) const {
        if (said.text.size() > longest_text) return fail(errc::too_large, "text: at most 100000 bytes");
        const auto* via = in_.on().channels.find(about_.channel);
        if (via == nullptr) return fail(errc::conflict, "channel " + about_.channel + " is no longer configured");
        if (via->kind == channel_kind::phone)
            return fail(errc::invalid, "text: a call is answered by voice, not in writing; use a note");
        if (about_.status == store::ticket_status::resolved)
            return fail(errc::conflict, "the ticket is resolved: reopen it to reply");
        if (auto fine = check_holder(); !fine) return fine.error();
        auto parts = reply_parts(*via, about_.context, said, in_.now());
        if (!parts) return parts.error();
        const auto* someone = in_.on().people->find(wanted_.by);
        const auto number = in_.entry(about_, "reply", reply_entry(said));
        for (auto& message : *parts) {
            if (someone != nullptr) message.agent_name = someone->name;
            in_.send(about_, number, std::move(message));
        }
        (void)in_.tell(dispatch::agent_replied{about_.id});  // refused where no target runs: nothing to meet
        return numbered(number);
    }

    result<std::string> operator()(const action::note& said) const {
        if (auto fits = check_text(said.text); !fits) return fits.error();
        const auto named = mentioned_in(said.text, *in_.on().people);
        const auto number = in_.entry(about_, "note", note_entry(said.text, named));
        tell_mentioned(in_, about_, number, wanted_.by, named);
        return numbered(number);
    }

    result<std::string> operator()(const action::resolve& said) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        if (auto fits = check_disposition(in_.on().rules, said.disposition); !fits) return fits.error();
        return told(dispatch::resolve{about_.id, said.disposition});
    }
    result<std::string> operator()(const action::snooze& wanted) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        return told(dispatch::snooze{about_.id, wanted.until});
    }
    result<std::string> operator()(const action::extend_wrap_up& wanted) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        const auto longest = in_.on().rules.compiled().work.longest_wrap_up;
        if (wanted.more <= duration{0} || wanted.more > longest)
            return fail(errc::invalid, "for: must be above 0 and at most " + to_text(longest) + " (longest_wrap_up)");
        return told(dispatch::extend_wrap_up{about_.id, wanted.more});
    }
    result<std::string> operator()(const action::call_back&) const {
        const auto* via = in_.on().channels.find(about_.channel);
        if (via == nullptr || via->kind != channel_kind::phone)
            return fail(errc::conflict, "channel: only who calls can be called back");
        return told(dispatch::call_back{about_.id});
    }
    result<std::string> operator()(const action::consult& with) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        return told(dispatch::consult{about_.id, with.agent});
    }
    result<std::string> operator()(const action::end_consult&) const {
        if (!is_consulted())
            if (auto fine = check_holder(); !fine) return fine.error();
        return told(dispatch::end_consult{about_.id});
    }
    result<std::string> operator()(const action::take_over&) const {
        if (!is_consulted()) return fail(errc::conflict, "not_consulted: only who is asked about it can take it over");
        return told(dispatch::take_over{about_.id});
    }
    result<std::string> operator()(const action::merge& with) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        return merge_tickets(in_, about_, with.into, wanted_.by);
    }
    result<std::string> operator()(const action::set_priority& to) const {
        if (about_.status == store::ticket_status::resolved)
            return fail(errc::conflict, "the ticket is resolved: only what waits has a place in line");
        const auto& levels = in_.on().rules.priorities();
        const auto level =
            std::find_if(levels.begin(), levels.end(), [&](const auto& each) { return each.name == to.name; });
        if (level == levels.end())
            return fail(errc::invalid, "priority: the rules have none called \"" + to.name + "\"");
        if (auto done = in_.tell(dispatch::set_priority{about_.id, level->head_start}); !done) return done.error();
        auto record = record_of(about_);
        record.priority = to.name;
        record.priority_set = true;
        keep_record(about_, record);
        json::writer out;
        out.begin_object().member("priority", to.name);
        write_asker(out);
        in_.entry(about_, "priority_set", out.end_object().take());
        return ticket_json(in_, about_);
    }
    result<std::string> operator()(const action::set_recording& wanted) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        return order_recording(in_, about_, wanted.paused, wanted_.by);
    }
    result<std::string> operator()(const action::set_hold& wanted) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        return order_hold(in_, about_, wanted.on_hold, wanted_.by);
    }
    result<std::string> operator()(const action::send_again& wanted) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        return send_again(in_, about_, wanted, wanted_.by);
    }
    result<std::string> operator()(const action::end_wrap_up&) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        return told(dispatch::end_wrap_up{about_.id});
    }
    result<std::string> operator()(const action::assign& to) const {
        const auto& people = *in_.on().people;
        // Others are reached only where they are available, and nobody is who may not work.
        if (people.find(to.agent) != nullptr && !people.may(to.agent).has(permission::tickets_work))
            return fail(errc::conflict, "agent: their role does not permit tickets.work");
        return told(dispatch::assign{about_.id, to.agent});
    }
    result<std::string> operator()(const action::transfer& to) const {
        if (auto fine = check_holder(); !fine) return fine.error();
        dispatch::transfer command;
        command.ticket = about_.id;
        command.queue = to.queue;
        command.agent = to.agent;
        command.keep_requirements = to.keep_requirements;
        return told(command);
    }

    result<std::string> operator()(const action::reopen&) const {
        const auto* via = in_.on().channels.find(about_.channel);
        if (via == nullptr) return fail(errc::conflict, "channel " + about_.channel + " is no longer configured");
        if (via->kind == channel_kind::phone) return fail(errc::conflict, "a call that ended cannot be reopened");
        dispatch::reopen command;
        command.ticket = about_.id;
        command.kind = via->kind;
        command.cost = static_cast<std::uint32_t>(std::max(1, in_.on().rules.cost_of(via->kind)));
        const auto& rules = in_.on().rules;
        command.plan.queue = rules.queue(about_.queue) != nullptr ? about_.queue : rules.compiled().routes.back().queue;
        command.last_agent = about_.last_agent;
        auto happened = in_.try_tell(command);
        if (!happened) return happened.error();
        in_.on().tickets.reopened(about_.id);
        about_.status = store::ticket_status::waiting;
        in_.entry(about_, "reopened", by_agent());
        in_.record(*happened);
        return ticket_json(in_, about_);
    }

private:
    /// Some work on everybody's tickets, others on their own.
    result<void> check_holder() const {
        const auto may = wanted_.by ? in_.on().people->may(wanted_.by) : wanted_.may;
        if ((wanted_.by && about_.holder == wanted_.by) || may.has(permission::tickets_others)) return {};
        return fail(errc::conflict, "somebody else, or nobody, holds the ticket: accept it, or have it assigned");
    }

    bool is_consulted() const {
        const auto seen = in_.on().dispatch.ticket(about_.id, in_.now());
        return seen && seen->consulted && seen->consulted == wanted_.by;
    }

    static result<void> check_text(const std::string& text) {
        if (text.empty()) return fail(errc::invalid, "text: is empty");
        if (text.size() > longest_text) return fail(errc::too_large, "text: at most 100000 bytes");
        return {};
    }

    result<std::string> told(const dispatch::command& command) const {
        // Dispatch forgets what is resolved and would say that there is no such ticket.
        if (about_.status == store::ticket_status::resolved)
            return fail(errc::conflict, "the ticket is resolved: reopen it first");
        if (auto done = in_.tell(command); !done) return done.error();
        return ticket_json(in_, about_);
    }

    /// An agent, or the token of a program, which has a name alone.
    void write_asker(json::writer& out) const {
        if (wanted_.by) return write_agent(out, "agent", in_.on(), wanted_.by);
        out.key("agent").begin_object().member("name", wanted_.by_name).end_object();
    }

    std::string by_agent() const {
        json::writer out;
        out.begin_object();
        write_asker(out);
        return out.end_object().take();
    }

    std::string reply_entry(const action::reply& said) const {
        json::writer out;
        out.begin_object().member("text", said.text);
        write_reply_extras(out, said);
        write_asker(out);
        return out.end_object().take();
    }

    std::string note_entry(const std::string& text, const std::vector<agent_id>& named) const {
        json::writer out;
        out.begin_object().member("text", text);
        if (!named.empty()) {
            out.key("mentions").begin_array();
            for (const auto agent : named) out.value(to_string(agent));
            out.end_array();
        }
        write_asker(out);
        return out.end_object().take();
    }

    std::string numbered(std::uint32_t number) const {
        json::writer out;
        out.begin_object().member("ticket", to_string(about_.id)).member("entry", number).end_object();
        return out.take();
    }

    step& in_;
    const ticket_action& wanted_;
    ticket& about_;
};

std::string repeated(const store::key_row& seen) {
    json::writer out;
    out.begin_object().member("ticket", to_string(seen.ticket)).member("entry", seen.entry).member("repeated", true);
    return out.end_object().take();
}

/// By what its repetitions are known. A failed message goes again once for each time it has failed, whoever asks for it
/// and under whichever key.
store::unique_key repetition_key(const ticket_action& wanted) {
    if (const auto* again = std::get_if<action::send_again>(&wanted.what)) return key_of(*again);
    return {idempotency_space(wanted.by), wanted.idempotency_key};
}

}  // namespace

result<void> check_disposition(const rules::ruleset& rules, const std::string& disposition) {
    if (disposition.size() > 200) return fail(errc::invalid, "disposition: at most 200 bytes");
    const auto& known = rules.compiled().work.dispositions;
    if (known.empty() || std::find(known.begin(), known.end(), disposition) != known.end()) return {};
    const auto meant = nearest(disposition, known);
    return fail(errc::invalid, "disposition: is none of routing.yaml's dispositions" +
                                   (meant ? ", did you mean \"" + *meant + "\"?" : std::string()));
}

std::string idempotency_space(agent_id by) { return "idempotency#" + to_string(by); }

store::prefetch_query question_for(const ticket_action& wanted) {
    store::prefetch_query question;
    question.ticket = wanted.ticket;
    if (auto key = repetition_key(wanted); !key.id.empty()) question.key = std::move(key);
    return question;
}

result<std::string> act(step& in, const ticket_action& wanted) {
    const auto key = repetition_key(wanted);
    if (!key.id.empty()) {
        if (wanted.known.seen) return repeated(*wanted.known.seen);
        if (const auto before = in.on().keys.find(key)) return repeated(*before);
    }
    auto about = ticket_for(in, wanted);
    if (!about) return about.error();
    // A copy that is here already is newer and stays.
    if (wanted.known.customer) (void)in.on().customers.take(*wanted.known.customer);
    const auto entries_before = (*about)->entries;
    auto answer = std::visit(actor{in, wanted, **about}, wanted.what);
    if (answer && !key.id.empty()) in.use_key(key, wanted.ticket, entries_before + 1);
    return answer;
}

result<std::string> answer_offer(step& in, const offer_answer& given) {
    const auto offer = in.on().dispatch.offer(given.offer);
    if (!offer)
        return fail(errc::conflict, "the offer is gone: somebody else was first, it expired, or it was withdrawn");
    if (given.reason.size() > 200) return fail(errc::invalid, "reason: at most 200 bytes");
    dispatch::command told = dispatch::decline{given.offer, given.by};
    if (given.accepts) told = dispatch::accept{given.offer, given.by};
    auto happened = in.try_tell(told);
    if (!happened) return happened.error();
    // Why somebody declined is for people to read; dispatch decides nothing by it.
    for (auto& each : *happened)
        if (auto* closed = std::get_if<dispatch::offer_closed>(&each);
            closed != nullptr && closed->outcome == dispatch::offer_outcome::declined)
            closed->reason = given.reason;
    in.record(*happened);
    auto* about = in.on().tickets.find(offer->ticket);
    return about == nullptr ? std::string("{}") : ticket_json(in, *about);
}

result<std::string> change_presence(step& in, const presence_change& wanted) {
    if (wanted.reason.size() > 100) return fail(errc::invalid, "reason: at most 100 bytes");
    const bool works = in.on().people->may(wanted.agent).has(permission::tickets_work);
    if (!works && wanted.state != dispatch::presence::offline)
        return fail(errc::conflict, "state: whose role does not permit tickets.work is always offline");
    if (auto done = in.tell(dispatch::set_presence{wanted.agent, wanted.state, wanted.reason}); !done)
        return done.error();
    return "{" + presence_frame(in.on(), wanted.agent) + "}";
}

void change_desk(step& in, const desk_change& wanted, duration lease) {
    if (wanted.open)
        in.on().leases.erase(wanted.agent);
    else
        in.on().leases[wanted.agent] = in.now() + lease;
}

}  // namespace kindred::runtime
