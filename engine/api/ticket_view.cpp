#include "engine/api/ticket_view.hpp"

#include "engine/api/attachments.hpp"
#include "engine/api/ticket_subject.hpp"
#include "engine/rules/explanation.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/runtime/arrivals/message_marks.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/rules/recorded_contacts.hpp"
#include "engine/runtime/surveys/asked_survey.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t most_entries = 500;

const store::entry_row* last_of(const std::vector<store::entry_row>& entries, std::string_view kind) {
    const auto found =
        std::find_if(entries.rbegin(), entries.rend(), [&](const auto& each) { return each.kind == kind; });
    return found == entries.rend() ? nullptr : &*found;
}

void write_text(json::writer& out, const rules::text_body& text) {
    out.begin_object().member("id", text.id).member("language", text.language).member("title", text.title);
    out.member("text", text.markdown).end_object();
}

void write_texts(json::writer& out, runtime::site& site, const store::ticket_row& row, const std::string& decision,
                 const std::vector<store::entry_row>& entries) {
    const auto rules = site.rules();
    const auto from = subject_of(site, row, entries);
    const rules::empty_board board;
    const rules::decision_input input{from.about, from.who, site.now().now(), board};
    const auto parsed = json::document::parse(decision.empty() ? "{}" : decision);
    std::optional<rules::text_body> script;
    if (parsed) script = rules.script((*parsed)["script"]["id"].text(), input);
    out.key("script");
    if (script)
        write_text(out, *script);
    else
        out.null();
    out.key("articles").begin_array();
    if (parsed)
        (*parsed)["articles"].for_each([&](json::value each) {
            if (const auto article = rules.article(each["id"].text(), input)) write_text(out, *article);
        });
    out.end_array();
}

std::string_view name_of(store::outbox_state state) {
    switch (state) {
        case store::outbox_state::pending: return "pending";
        case store::outbox_state::sent: return "sent";
        case store::outbox_state::failed: return "failed";
    }
    return "failed";
}

/// What the last report on this message's delivery gave as its reason.
std::string reason_of(std::uint32_t entry, const std::vector<store::entry_row>& entries) {
    for (auto row = entries.rbegin(); row != entries.rend(); ++row) {
        if (row->kind != "delivery") continue;
        const auto parsed = json::document::parse(row->json);
        if (parsed && (*parsed)["entry"].integer() == entry) return std::string((*parsed)["reason"].text());
    }
    return {};
}

void write_deliveries(json::writer& out, const std::vector<store::outbox_row>& messages,
                      const std::vector<store::entry_row>& entries) {
    out.key("deliveries").begin_array();
    for (const auto& each : messages) {
        out.begin_object()
            .member("entry", each.entry)
            .member("state", name_of(each.state))
            .member("attempts", each.attempts);
        out.member_if("reason", reason_of(each.entry, entries)).end_object();
    }
    out.end_array();
}

void write_time(json::writer& out, std::string_view key, const std::optional<time_point>& at) {
    if (at) out.member(key, to_rfc3339(*at));
}

/// Each message to which something happened, as it is now.
void write_messages(json::writer& out, const std::vector<store::entry_row>& entries) {
    out.key("messages").begin_array();
    for (const auto& [number, mark] : runtime::marks_of(entries)) {
        out.begin_object().member("entry", number);
        if (mark.state) out.member("state", runtime::name_of(*mark.state));
        write_time(out, "delivered_at", mark.delivered_at);
        write_time(out, "read_at", mark.read_at);
        out.member_if("failed_because", mark.failed_because);
        if (mark.text && !mark.deleted_at) out.member("text", *mark.text);
        write_time(out, "edited_at", mark.edited_at);
        write_time(out, "deleted_at", mark.deleted_at);
        if (!mark.reactions.empty()) {
            out.key("reactions").begin_array();
            for (const auto& each : mark.reactions)
                out.begin_object().member("from", each.from).member("emoji", each.emoji).end_object();
            out.end_array();
        }
        out.end_object();
    }
    out.end_array();
}

/// The ruleset of this hash, or the one in force where it cannot be had.
rules::ruleset rules_that_decided(runtime::site& site, const std::string& hash) {
    auto active = site.rules();
    if (hash.empty() || hash == active.hash()) return active;
    const auto row = site.durable().ruleset(hash);
    auto files = row ? rules::unpack(row->files) : result<rules::rule_files>(row.error());
    if (!files) return active;
    auto loaded = rules::load(std::move(*files));
    return loaded.rules ? std::move(*loaded.rules) : active;
}

}  // namespace

ticket_subject subject_of(runtime::site& site, const store::ticket_row& row,
                          const std::vector<store::entry_row>& entries) {
    ticket_subject made;
    const auto* via = site.channels().find(row.channel);
    const auto kind = via == nullptr ? channel_kind::api : via->kind;
    if (const auto* last = last_of(entries, "contact"))
        made.about = runtime::contact_from_stored(last->json, row.channel, kind, site.rules(), last->at);
    if (const auto stored = runtime::who_goes_on(site.durable(), row.customer))
        if (auto read = customer_from_json(stored->id, stored->version, stored->json)) made.who = std::move(*read);
    return made;
}

result<ticket_subject> subject_of(runtime::site& site, ticket_id id) {
    const auto row = site.durable().ticket(id);
    if (!row) return row.error();
    const auto entries = site.durable().entries(id, 0, most_entries);
    if (!entries) return entries.error();
    return subject_of(site, *row, *entries);
}

result<std::string> summary_of(runtime::site& site, const store::ticket_row& row,
                               const std::optional<dispatch::due_target>& due) {
    std::string_view dispatch_bytes;
    auto held = runtime::unpack(row, dispatch_bytes);
    if (!held) return held.error();
    json::writer out;
    runtime::write_summary(out, *site.people(), site.channels(), *held, due);
    return out.take();
}

result<std::string> whole_ticket(runtime::site& site, ticket_id id, const std::optional<dispatch::due_target>& due) {
    const auto row = site.durable().ticket(id);
    if (!row) return row.error();
    // Before the entries: a message that has failed by now would else be shown without the entry that says why.
    const auto messages = site.durable().outbox_of(id);
    if (!messages) return messages.error();
    const auto entries = site.durable().entries(id, 0, most_entries);
    if (!entries) return entries.error();
    std::string_view dispatch_bytes;
    const auto held = runtime::unpack(*row, dispatch_bytes);
    if (!held) return held.error();

    json::writer out;
    out.begin_object().key("ticket");
    runtime::write_summary(out, *site.people(), site.channels(), *held, due);
    out.key("entries").begin_array();
    for (const auto& each : *entries) out.raw(runtime::entry_object(each));
    out.end_array().key("decision");
    const auto* decision = last_of(*entries, "decision");
    if (decision != nullptr)
        out.raw(decision->json);
    else
        out.null();
    write_texts(out, site, *row, held->decision, *entries);
    write_deliveries(out, *messages, *entries);
    write_messages(out, *entries);
    out.key("survey");
    runtime::write_survey(out, *held);
    const auto files = site.files().of_ticket(id);
    if (!files) return files.error();
    write_files(out, *files);
    return out.end_object().take();
}

result<std::string> why_this_queue(runtime::site& site, ticket_id id) {
    const auto row = site.durable().ticket(id);
    if (!row) return row.error();
    const auto entries = site.durable().entries(id, 0, most_entries);
    if (!entries) return entries.error();
    const auto from = subject_of(site, *row, *entries);
    const auto rules = rules_that_decided(site, runtime::ruleset_of_last_decision(*entries));
    const auto kinds = [&](std::string_view name) -> std::optional<channel_kind> {
        const auto* via = site.channels().find(std::string(name));
        return via == nullptr ? std::nullopt : std::optional(via->kind);
    };
    const auto then = runtime::situation_of_last_decision(*row, *entries, from.who, rules, kinds);
    const auto* decision = last_of(*entries, "decision");
    json::writer out;
    out.begin_object().member("ticket", to_string(id)).key("decided");
    if (decision != nullptr)
        out.raw(decision->json);
    else
        out.null();
    // By the rules that decided, with the facts as they were; rules that are lost give way to those in force.
    out.member("explained_by", rules.hash()).key("trace");
    if (then) {
        const kindred::rules::fixed_board board(then->queues);
        auto input = then->input(board);
        input.shares_out = false;
        out.raw(kindred::rules::to_json(kindred::rules::explain(rules, input)));
    } else {
        out.null();
    }
    return out.end_object().take();
}

}  // namespace kindred::api
