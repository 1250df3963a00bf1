#include "engine/runtime/arrivals/contacts.hpp"

#include "engine/runtime/arrivals/admission.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/runtime/arrivals/customer_draft.hpp"
#include "engine/runtime/arrivals/message_marks.hpp"
#include "engine/runtime/arrivals/opening.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/people/stated.hpp"
#include "engine/runtime/self_service/answering_itself.hpp"
#include "engine/runtime/sending/files.hpp"
#include "engine/runtime/surveys/answering.hpp"
#include "engine/runtime/tickets/calls.hpp"
#include "engine/runtime/tickets/merging.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

using channel::record_kind;

outcome ignored(std::string reason) {
    outcome made;
    made.what = outcome::state::ignored;
    made.reason = std::move(reason);
    return made;
}

outcome refused(std::string reason) {
    outcome made;
    made.what = outcome::state::refused;
    made.reason = std::move(reason);
    return made;
}

/// A provider can report on a message before its answer to our call has been read: then it must report again.
bool may_be_ours_soon(step& in, const channel_entry& via, const channel::record& happened) {
    constexpr duration answers_take = std::chrono::seconds{60};
    if (happened.kind != record_kind::status && happened.kind != record_kind::bounce) return false;
    for (const auto& [id, message] : in.on().messages)
        if (message.channel == via.name && message.attempts == 0 && message.due + answers_take > in.now()) return true;
    return false;
}

/// The ticket that the store showed, unless the world has a newer one.
ticket* adopt(step& in, const std::optional<store::ticket_row>& row) {
    if (!row) return nullptr;
    const auto adopted = in.on().tickets.adopt(*row, in.on().batch);
    return adopted ? *adopted : nullptr;
}

/// The ticket that this continues: named by a signed token, else of the same conversation, else referred to by one who
/// takes part in it.
ticket* continued(step& in, const channel_entry& via, const channel::record& happened, const store::prefetched& known,
                  customer_id customer) {
    auto& tickets = in.on().tickets;
    if (const auto named = parse_id<ticket_id>(happened.ticket)) {
        if (auto* here = tickets.find(*named)) return here;
        if (auto* stored = adopt(in, known.ticket)) return stored;
    }
    if (auto* here = tickets.find_conversation(via.name, happened.conversation)) return here;
    if (auto* stored = adopt(in, known.conversation)) return stored;
    ticket* referred = nullptr;
    for (auto id = happened.references.rbegin(); id != happened.references.rend() && referred == nullptr; ++id)
        if (const auto key = in.on().keys.find({message_space(via.name), *id})) referred = tickets.find(key->ticket);
    if (referred == nullptr) referred = adopt(in, known.referenced);
    return referred != nullptr && referred->customer == customer ? referred : nullptr;
}

/// A further contact of a ticket that is open.
std::uint32_t continue_ticket(step& in, ticket& about, const channel::record& happened, const contact& arrived) {
    about.context = reply_context_of(happened, arrived.language, in.now());
    const auto number = in.entry(about, "contact", channel::to_stored_json(happened));
    if (about.status == store::ticket_status::snoozed) (void)in.tell(dispatch::wake{about.id});
    // A ticket that nobody answered yet has no next-response target to run: the refusal says so and is no fault.
    (void)in.tell(dispatch::customer_wrote{about.id});
    wrote_after_article(in, about);
    return number;
}

void remember_message_id(step& in, const channel_entry& via, const channel::record& happened, const ticket& about,
                         std::uint32_t entry) {
    if (happened.provider_message_id.empty() || via.kind == channel_kind::phone || via.kind == channel_kind::api)
        return;
    // Answers to mails name them. Elsewhere later news (edits, reactions) finds a message by its own event id, unless
    // the provider numbers its deliveries.
    const bool found_by_event = happened.event_id == message_event_id(happened.provider_message_id);
    if (via.kind == channel_kind::email || !found_by_event)
        in.use_key({message_space(via.name), happened.provider_message_id}, about.id, entry);
}

outcome take_contact(step& in, const channel_entry& via, const channel::record& happened,
                     const store::prefetched& known, const std::optional<store::ticket_row>& goes_on,
                     std::string_view stated) {
    const auto arrived = contact_of(happened, via, in.on().rules, in.now());
    auto from = find_sender(in, happened, known);
    const auto whose = from.on_record == nullptr ? customer_id{} : from.on_record->id;
    auto* about = after_merges(in, continued(in, via, happened, known, whose), goes_on);
    // Who says nothing of themselves and goes on with a conversation is whoever began it.
    if (about != nullptr && happened.identities.empty()) from.on_record = in.on().customers.find(about->customer);
    if (about != nullptr)
        if (auto said = word_on_article(in, via, happened, *about)) return *said;
    if (about != nullptr)
        if (auto answered = answer_in_conversation(in, via, happened, *about)) return *answered;
    const bool open = about != nullptr && about->status != store::ticket_status::resolved;
    const auto again = reopen_within(via.kind);
    const bool reopens = about != nullptr && !open && again && in.now() - about->updated_at <= *again;

    outcome made;
    if (open) {
        note_contact(in, arrived, happened, std::move(from));
        take_stated(in, about->customer, stated);
        made.ticket = about->id;
        made.went_on = true;
        made.entry = continue_ticket(in, *about, happened, arrived);
    } else {
        auto draft = draft_customer(in, arrived, happened, std::move(from));
        (void)state(in, draft.person, stated);
        auto opened = open_ticket(in, {via, happened, arrived, about, reopens}, std::move(draft));
        if (!opened) {
            made.what = outcome::state::refused;
            made.reason = opened.error().message;
            return made;
        }
        made.ticket = opened->ticket;
        made.entry = opened->entry;
    }
    auto* now_open = in.on().tickets.find(made.ticket);
    in.use_key({via.name, happened.event_id}, made.ticket, made.entry);
    remember_message_id(in, via, happened, *now_open, made.entry);
    note_consent(in, via, happened, *now_open);
    register_files(in, via, happened, *now_open, made.entry);
    const bool answer_says_where = via.kind == channel_kind::phone || via.kind == channel_kind::api ||
                                   via.connector == "webchat" || happened.kind == channel::record_kind::handoff;
    if (answer_says_where) made.now = situation_of(in.on(), now_open);
    if (const auto* writer = in.on().customers.find(now_open->customer); writer != nullptr && writer->name.empty())
        made.nameless = writer->id;
    return made;
}

/// Something about a ticket that is no contact: kept in its history when the ticket is known.
outcome take_note_of(step& in, const channel_entry& via, const channel::record& happened,
                     const store::prefetched& known, const char* unknown_reason) {
    const auto target = target_of(in.on(), via, happened, known);
    auto* about = target ? in.on().tickets.find(target->ticket) : nullptr;
    if (about == nullptr && target && known.referenced && known.referenced->id == target->ticket)
        about = adopt(in, known.referenced);
    // A report that brings nothing back of the message it is about still came to the ticket's own address.
    if (const auto named = parse_id<ticket_id>(happened.ticket); about == nullptr && named) {
        about = in.on().tickets.find(*named);
        if (about == nullptr) about = adopt(in, known.ticket);
    }
    if (about == nullptr) about = in.on().tickets.find_conversation(via.name, happened.conversation);
    if (about == nullptr) about = adopt(in, known.conversation);
    for (const auto& id : happened.references)
        if (const auto key = in.on().keys.find({message_space(via.name), id}); about == nullptr && key)
            about = in.on().tickets.find(key->ticket);
    if (about == nullptr) about = adopt(in, known.referenced);
    if (about == nullptr)
        return may_be_ours_soon(in, via, happened) ? refused("not_yet_known") : ignored(unknown_reason);
    outcome made;
    made.ticket = about->id;
    const bool names_entry = target && target->ticket == about->id && target->entry != 0;
    made.entry =
        in.entry(*about, channel::name_of(happened.kind), mark_json(happened, names_entry ? target->entry : 0));
    in.use_key({via.name, happened.event_id}, about->id, made.entry);
    if (happened.kind == record_kind::deletion && names_entry) erase_message(in, *about, *target);
    // What was recorded of the talk is a file of its ticket; voicemail is a contact, and comes as one.
    if (happened.kind == record_kind::call_status && happened.status == "recorded")
        register_files(in, via, happened, *about, made.entry);
    if (happened.kind == record_kind::complaint) note_complaint(in, via, *about);
    follow_the_call(in, *about, happened);
    made.now = situation_of(in.on(), about);
    return made;
}

/// The same as the first time, as far as it can be said again.
outcome repeated(step& in, const channel::record& happened, const channel_entry& via,
                 const std::optional<store::key_row>& first) {
    outcome made;
    made.what = outcome::state::duplicate;
    if (first) {
        made.ticket = first->ticket;
        made.entry = first->entry;
    }
    auto* about = first ? in.on().tickets.find(first->ticket)
                        : in.on().tickets.find_conversation(via.name, happened.conversation);
    made.now = situation_of(in.on(), about);
    return made;
}

}  // namespace

std::string message_space(std::string_view channel) { return std::string(channel) + "#message"; }

std::optional<duration> reopen_within(channel_kind kind) {
    switch (kind) {
        case channel_kind::email:
        case channel_kind::forum: return std::chrono::days{7};
        case channel_kind::chat:
        case channel_kind::social:
        case channel_kind::api: return std::chrono::hours{24};
        case channel_kind::phone: return std::nullopt;
    }
    return std::nullopt;
}

store::prefetch_query question_for(const channel_entry& via, const channel::record& happened) {
    store::prefetch_query question;
    question.key = {via.name, happened.event_id};
    for (const auto& each : happened.identities) question.identities.push_back(each.text);
    question.channel = via.name;
    question.conversation = happened.conversation;
    for (auto id = happened.references.rbegin(); id != happened.references.rend(); ++id)
        question.references.push_back({message_space(via.name), *id});
    for (auto& key : keys_of_target(via, happened)) question.references.push_back(std::move(key));
    if (const auto named = parse_id<ticket_id>(happened.ticket)) question.ticket = *named;
    return question;
}

outcome take_record(step& in, const channel_entry& via, const channel::record& happened, const store::prefetched& known,
                    const std::optional<store::ticket_row>& goes_on, std::string_view stated) {
    switch (happened.kind) {
        case record_kind::ignored:
        case record_kind::echo:
        case record_kind::control:
            return ignored(happened.ignored_because.empty() ? std::string(channel::name_of(happened.kind))
                                                            : happened.ignored_because);
        default: break;
    }
    const auto recent = in.on().keys.find({via.name, happened.event_id});
    if (known.seen || recent) return repeated(in, happened, via, recent ? recent : known.seen);
    switch (happened.kind) {
        case record_kind::message:
        case record_kind::postback:
        case record_kind::call:
        case record_kind::handoff:
            if (const auto reason = why_not_admitted(in, via, happened); !reason.empty()) return ignored(reason);
            return take_contact(in, via, happened, known, goes_on, stated);
        case record_kind::status: return take_note_of(in, via, happened, known, "status_of_unknown");
        case record_kind::bounce:
        case record_kind::complaint: return take_note_of(in, via, happened, known, "report_on_unknown");
        case record_kind::call_status:
        case record_kind::queue_result:
        case record_kind::queue_wait:
        case record_kind::provider_error:
        case record_kind::ivr_input: return take_note_of(in, via, happened, known, "unknown_call");
        case record_kind::edit:
        case record_kind::deletion:
        case record_kind::reaction:
        case record_kind::identity_change: return take_note_of(in, via, happened, known, "unknown_message");
        case record_kind::echo:
        case record_kind::control:
        case record_kind::ignored: break;
    }
    return ignored("nothing_to_do");
}

}  // namespace kindred::runtime
