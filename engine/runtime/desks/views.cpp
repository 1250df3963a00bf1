#include "engine/runtime/desks/views.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

void write_customer(json::writer& out, const ticket& about) {
    out.key("customer").begin_object().member("id", to_string(about.customer)).member("name", about.customer_name);
    out.end_object();
}

void write_offer(json::writer& out, const world& of, const dispatch::offer_view& offer, time_point now) {
    out.begin_object().member("id", to_string(offer.offer)).member("expires_at", to_rfc3339(offer.expires_at));
    const auto* about = of.tickets.find(offer.ticket);
    if (about != nullptr) {
        out.key("ticket");
        write_summary(out, of, *about, now);
        out.key("why").raw(about->decision.empty() ? std::string_view("{}") : std::string_view(about->decision));
    }
    out.end_object();
}

bool waits(const ticket& about) {
    return about.status == store::ticket_status::waiting || about.status == store::ticket_status::offered;
}

/// Whether the customer of a talk waits for it to go on.
bool is_on_hold(const ticket& about) {
    return about.status == store::ticket_status::held && is_marked(about.context, call_mark::on_hold) &&
           !is_marked(about.context, call_mark::over);
}

void write_due(json::writer& out, const dispatch::due_target& due) {
    out.key("target").begin_object().member("name", dispatch::name_of(due.which));
    out.member("left_s", due.left.count() / 1000);
    if (due.at) out.member("at", to_rfc3339(*due.at));
    out.end_object();
}

void write_presence(json::writer& out, const dispatch::agent_figures& figures) {
    out.key("presence").begin_object().member("state", dispatch::name_of(figures.state));
    out.member_if("reason", figures.reason).member("since", to_rfc3339(figures.since)).end_object();
    out.member("used", figures.used).member("capacity", figures.capacity);
}

void write_figures(json::writer& out, const std::string& name, const dispatch::queue_figures& figures) {
    out.member("name", name).member("open", figures.open).member("waiting", figures.waiting);
    out.member("longest_wait_s", figures.longest_wait.count() / 1000).member("agents_present", figures.agents_present);
    out.member("estimated_wait_s", figures.estimated_wait.count() / 1000);
    if (figures.holiday) out.member("holiday", true);
    if (figures.closed_until) out.member("closed_until", to_rfc3339(*figures.closed_until));
    if (!figures.notice.empty())
        out.member("notice", figures.notice).member("notice_until", to_rfc3339(figures.notice_until));
    if (!figures.borrows_from.empty()) {
        out.key("borrows_from").begin_array();
        for (const auto& each : figures.borrows_from) out.value(each);
        out.end_array();
    }
}

void write_queue(json::writer& out, const std::string& name, const dispatch::queue_figures& figures) {
    out.begin_object();
    write_figures(out, name, figures);
    out.end_object();
}

/// Phone calls stand for all: they are who asks how long it takes.
void write_estimates(json::writer& out, const world& of, const std::string& queue, time_point now) {
    out.key("priorities").begin_array();
    const auto cost = static_cast<std::uint32_t>(std::max(1, of.rules.cost_of(channel_kind::phone)));
    for (const auto& level : of.rules.priorities()) {
        const auto waits = of.dispatch.estimate({queue, level.head_start, channel_kind::phone, cost}, now);
        if (!waits) continue;
        out.begin_object().member("priority", level.name).member("position", waits->position);
        out.member("estimated_wait_s", waits->wait.count() / 1000).end_object();
    }
    out.end_array();
}

/// Whether somebody is an agent: may work on tickets, or still has some from when that was so.
bool works(const world& of, const person& someone) {
    if (of.people->may(someone).has(permission::tickets_work)) return true;
    const auto figures = of.dispatch.agent(someone.id);
    return figures && figures->held + figures->wrapping_up > 0;
}

}  // namespace

void write_agent(json::writer& out, std::string_view key, const roster& people, agent_id who) {
    const auto* someone = people.find(who);
    out.key(key).begin_object().member("id", to_string(who));
    out.member("name", someone == nullptr ? std::string() : someone->name).end_object();
}

void write_summary(json::writer& out, const roster& people, const channel_directory& channels, const ticket& about,
                   const std::optional<dispatch::due_target>& due) {
    const auto* via = channels.find(about.channel);
    out.begin_object().member("id", to_string(about.id)).member("status", store::name_of(about.status));
    out.member("channel", about.channel)
        .member("channel_kind", via == nullptr ? std::string_view() : kindred::name_of(via->kind));
    out.member("queue", about.queue).member("subject", about.subject);
    write_customer(out, about);
    if (about.holder)
        write_agent(out, "holder", people, about.holder);
    else
        out.key("holder").null();
    out.member("created_at", to_rfc3339(about.created_at)).member("updated_at", to_rfc3339(about.updated_at));
    out.key("waiting_since");
    if (waits(about))
        out.value(to_rfc3339(about.waiting_since));
    else
        out.null();
    if (due) write_due(out, *due);
    if (is_on_hold(about)) out.member("on_hold", true);
    if (about.decision.size() > 2) out.raw(members_of(about.decision));
    out.end_object();
}

std::string members_of(const std::string& object) {
    return object.size() < 2 ? std::string() : object.substr(1, object.size() - 2);
}

std::string ticket_frame(const world& of, const ticket& about, time_point now) {
    json::writer out;
    out.begin_object().key("ticket");
    write_summary(out, of, about, now);
    return members_of(out.end_object().text());
}

std::string entry_object(const store::entry_row& row) {
    json::writer out;
    out.begin_object().member("number", row.number).member("kind", row.kind).member("at", to_rfc3339(row.at));
    // A contact's record has a "kind" of its own.
    if (row.kind == "contact")
        out.key("record").raw(row.json);
    else if (row.json.size() > 2)
        out.raw(members_of(row.json));
    return out.end_object().take();
}

std::string entry_frame(const store::entry_row& row) {
    json::writer out;
    out.begin_object().member("ticket", to_string(row.ticket)).key("entry").raw(entry_object(row));
    return members_of(out.end_object().text());
}

std::string offer_frame(const world& of, offer_id offer, time_point now) {
    const auto seen = of.dispatch.offer(offer);
    if (!seen) return R"("offer":null)";
    json::writer out;
    out.begin_object().key("offer");
    write_offer(out, of, *seen, now);
    return members_of(out.end_object().text());
}

std::string presence_frame(const world& of, agent_id agent) {
    json::writer out;
    out.begin_object();
    if (const auto figures = of.dispatch.agent(agent)) write_presence(out, *figures);
    return members_of(out.end_object().text());
}

std::string queues_frame(const world& of, time_point now) {
    json::writer out;
    out.begin_object().key("queues").begin_array();
    for (const auto& name : of.dispatch.queue_names())
        if (const auto figures = of.dispatch.queue(name, now)) write_queue(out, name, *figures);
    return members_of(out.end_array().end_object().text());
}

std::string queue_json(const world& of, const std::string& name, time_point now) {
    json::writer out;
    out.begin_object().key("queue");
    if (const auto figures = of.dispatch.queue(name, now))
        write_queue(out, name, *figures);
    else
        out.null();
    return out.end_object().take();
}

std::string queues_with_estimates(const world& of, time_point now) {
    json::writer out;
    out.begin_object().key("queues").begin_array();
    for (const auto& name : of.dispatch.queue_names()) {
        const auto figures = of.dispatch.queue(name, now);
        if (!figures) continue;
        out.begin_object();
        write_figures(out, name, *figures);
        out.member("mean_handling_s", figures->mean_handling.count() / 1000);
        write_estimates(out, of, name, now);
        out.end_object();
    }
    return out.end_array().end_object().take();
}

std::string agents_json(const world& of) {
    json::writer out;
    out.begin_object().key("agents").begin_array();
    for (const auto& someone : of.people->all()) {
        if (!works(of, someone)) continue;
        out.begin_object().member("id", to_string(someone.id)).member("login", someone.login);
        out.member("name", someone.name).member("role", someone.role);
        if (const auto figures = of.dispatch.agent(someone.id)) {
            write_presence(out, *figures);
            out.member("offers", figures->offers)
                .member("held", figures->held)
                .member("wrapping_up", figures->wrapping_up);
        }
        out.end_object();
    }
    return out.end_array().end_object().take();
}

std::string colleagues_json(const world& of) {
    json::writer out;
    out.begin_object().key("colleagues").begin_array();
    for (const auto& someone : of.people->all()) {
        if (!works(of, someone)) continue;
        const auto figures = of.dispatch.agent(someone.id);
        out.begin_object().member("id", to_string(someone.id)).member("login", someone.login);
        out.member("name", someone.name);
        out.member("state", dispatch::name_of(figures ? figures->state : dispatch::presence::offline)).end_object();
    }
    return out.end_array().end_object().take();
}

std::string snapshot_frame(const world& of, agent_id agent, time_point now) {
    json::writer out;
    out.begin_object().key("agent").begin_object().member("id", to_string(agent));
    if (const auto* someone = of.people->find(agent)) {
        out.member("login", someone->login).member("name", someone->name).member("role", someone->role);
        write_permissions(out, of.people->may(*someone));
        out.key("queues").begin_array();
        for (const auto& queue : someone->queues) out.value(queue);
        out.end_array();
    }
    if (const auto figures = of.dispatch.agent(agent)) write_presence(out, *figures);
    const bool reads = of.people->may(agent).has(permission::tickets_read);
    const auto write_tickets = [&](std::string_view key, const std::vector<ticket_id>& ids) {
        out.key(key).begin_array();
        for (const auto id : ids)
            if (const auto* about = reads ? of.tickets.find(id) : nullptr) write_summary(out, of, *about, now);
        out.end_array();
    };
    out.end_object().key("offers").begin_array();
    for (const auto& offer : of.dispatch.offers_of(agent)) write_offer(out, of, offer, now);
    out.end_array();
    write_tickets("tickets", of.dispatch.tickets_of(agent));
    write_tickets("consults", of.dispatch.consults_of(agent));
    out.key("dispositions").begin_array();
    for (const auto& each : of.rules.compiled().work.dispositions) out.value(each);
    out.end_array().raw(queues_frame(of, now));
    return members_of(out.end_object().text());
}

std::vector<ticket_standing> standings_of(const world& of, const std::vector<ticket_id>& wanted, time_point now) {
    std::vector<ticket_standing> all;
    const auto add = [&](const ticket& about) {
        if (about.status == store::ticket_status::resolved) return;
        auto& made = all.emplace_back();
        made.id = about.id;
        made.status = about.status;
        made.holder = about.holder;
        made.queue = about.queue;
        if (waits(about)) made.waiting_since = about.waiting_since;
        made.due = of.dispatch.due(about.id, now);
        made.head_start = of.dispatch.head_start(about.id).value_or(duration{0});
        made.updated_at = about.updated_at;
    };
    all.reserve(wanted.empty() ? of.tickets.size() : wanted.size());
    if (wanted.empty()) of.tickets.for_each(add);
    for (const auto id : wanted)
        if (const auto* about = of.tickets.find(id)) add(*about);
    return all;
}

std::vector<agent_id> watchers_of(const world& of, const ticket& about) {
    std::vector<agent_id> all;
    if (about.holder) {
        all.push_back(about.holder);
        // Only who holds a ticket asks somebody about it.
        if (has_kept(about, "consulted"))
            if (const auto asked = parse_id<agent_id>(record_of(about).consulted)) all.push_back(*asked);
    }
    if (about.status == store::ticket_status::offered)
        if (const auto seen = of.dispatch.ticket(about.id, about.updated_at))
            for (const auto& offer : seen->offers) all.push_back(offer.agent);
    std::erase_if(all, [&](agent_id who) { return !of.people->may(who).has(permission::tickets_read); });
    return all;
}

void stand_before(const world& of, const std::string& queue, channel::situation& stands) {
    stands.queue = queue;
    auto door = of.dispatch.door(queue);
    if (!door) return;
    stands.queue_open = door->open;
    stands.notice = std::move(door->notice);
}

channel::situation situation_of(const world& of, const ticket* about) {
    channel::situation stands;
    stands.language = of.rules.site().default_language;
    if (about == nullptr) return stands;
    stands.ticket = to_string(about->id);
    if (const auto parsed = json::document::parse(about->context); parsed && (*parsed)["language"].is_string())
        stands.language = (*parsed)["language"].text();
    if (const auto waits = of.dispatch.estimate(about->id)) {
        stands.position = waits->position;
        // Where nobody is there who could have it, nobody knows.
        if (waits->slots > 0) stands.estimated_wait = waits->wait;
    }
    stand_before(of, about->queue, stands);
    stands.callback = has_kept(*about, "callback");
    return stands;
}

}  // namespace kindred::runtime
