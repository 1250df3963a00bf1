#include "engine/api/endpoints.hpp"

#include "engine/api/accounts.hpp"
#include "engine/api/attachments.hpp"
#include "engine/api/bulk.hpp"
#include "engine/api/customers.hpp"
#include "engine/api/data.hpp"
#include "engine/api/desk_papers.hpp"
#include "engine/api/guidance.hpp"
#include "engine/api/joins.hpp"
#include "engine/api/notes.hpp"
#include "engine/api/people.hpp"
#include "engine/api/registers.hpp"
#include "engine/api/reports.hpp"
#include "engine/api/rules.hpp"
#include "engine/api/supervision.hpp"
#include "engine/api/tickets.hpp"
#include "engine/api/tokens.hpp"
#include "engine/api/work.hpp"
#include "engine/base/text.hpp"

namespace kindred::api {

using runtime::role;

bool allows(permission needed, role may) {
    switch (needed) {
        case permission::anyone: return true;
        case permission::agent: return may != role::api;
        case permission::supervisor: return may == role::supervisor || may == role::admin;
        case permission::admin: return may == role::admin;
        case permission::agent_or_api: return true;
        case permission::api: return may == role::api || may == role::admin;
    }
    return false;
}

std::optional<std::map<std::string, std::string, std::less<>>> match(std::string_view pattern, std::string_view path) {
    std::map<std::string, std::string, std::less<>> parameters;
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    if (wanted.size() != given.size()) return std::nullopt;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].starts_with('{')) {
            if (given[i].empty()) return std::nullopt;
            parameters.emplace(wanted[i].substr(1, wanted[i].size() - 2), decode_percent(given[i]));
        } else if (wanted[i] != given[i]) {
            return std::nullopt;
        }
    }
    return parameters;
}

std::vector<endpoint> api_endpoints(const endpoint_groups& all) {
    auto& t = all.tickets;
    auto& p = all.people;
    auto& u = all.customers;
    auto& n = all.notes;
    auto& r = all.rules;
    auto& w = all.work;
    auto& s = all.supervision;
    auto& g = all.registers;
    auto& f = all.attachments;
    auto& a = all.accounts;
    auto& k = all.tokens;
    auto& d = all.data;
    auto& b = all.bulk;
    auto& j = all.joins;
    auto& o = all.reports;
    auto& h = all.guidance;
    auto& e = all.papers;
    using asked = std::shared_ptr<call>;
    return {
        {"GET", "/api/v1/me", permission::agent, [&p](asked c) { p.me(std::move(c)); }},
        {"GET", "/api/v1/tickets", permission::agent, [&t](asked c) { t.list(std::move(c)); }},
        {"GET", "/api/v1/tickets/{id}", permission::agent, [&t](asked c) { t.show(std::move(c)); }},
        {"GET", "/api/v1/tickets/{id}/explain", permission::agent, [&t](asked c) { t.explain(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/reply", permission::agent, [&t](asked c) { t.reply(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/note", permission::agent, [&t](asked c) { t.note(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/resolve", permission::agent, [&t](asked c) { t.resolve(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/reopen", permission::agent, [&t](asked c) { t.reopen(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/transfer", permission::agent, [&t](asked c) { t.transfer(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/assign", permission::supervisor, [&t](asked c) { t.assign(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/wrap-up/end", permission::agent, [&t](asked c) { t.end_wrap_up(std::move(c)); }},
        {"GET", "/api/v1/tickets/{id}/draft", permission::agent, [&e](asked c) { e.draft(std::move(c)); }},
        {"PUT", "/api/v1/tickets/{id}/draft", permission::agent, [&e](asked c) { e.keep_draft(std::move(c)); }},
        {"GET", "/api/v1/mentions", permission::agent, [&e](asked c) { e.mentions(std::move(c)); }},
        {"DELETE", "/api/v1/mentions/{id}", permission::agent, [&e](asked c) { e.mention_seen(std::move(c)); }},
        {"GET", "/api/v1/me/wall", permission::supervisor, [&e](asked c) { e.wall(std::move(c)); }},
        {"PUT", "/api/v1/me/wall", permission::supervisor, [&e](asked c) { e.keep_wall(std::move(c)); }},
        {"GET", "/api/v1/articles", permission::agent, [&h](asked c) { h.find_articles(std::move(c)); }},
        {"GET", "/api/v1/macros", permission::agent, [&h](asked c) { h.macros(std::move(c)); }},
        {"GET", "/api/v1/groups", permission::agent, [&h](asked c) { h.groups(std::move(c)); }},
        {"GET", "/api/v1/coverage", permission::supervisor, [&h](asked c) { h.coverage(std::move(c)); }},
        {"POST", "/api/v1/tickets", permission::agent, [&w](asked c) { w.begin(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/snooze", permission::agent, [&w](asked c) { w.snooze(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/wrap-up/extend", permission::agent,
         [&w](asked c) { w.extend_wrap_up(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/call-back", permission::agent_or_api,
         [&w](asked c) { w.call_back(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/consult", permission::agent, [&w](asked c) { w.consult(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/consult/end", permission::agent, [&w](asked c) { w.end_consult(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/consult/take-over", permission::agent,
         [&w](asked c) { w.take_over(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/merge", permission::agent, [&w](asked c) { w.merge(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/texts", permission::agent, [&w](asked c) { w.mark_text(std::move(c)); }},
        {"PUT", "/api/v1/tickets/{id}/priority", permission::supervisor,
         [&w](asked c) { w.set_priority(std::move(c)); }},
        {"PUT", "/api/v1/tickets/{id}/recording", permission::agent, [&w](asked c) { w.set_recording(std::move(c)); }},
        {"GET", "/api/v1/dispositions", permission::agent, [&w](asked c) { w.dispositions(std::move(c)); }},
        {"POST", "/api/v1/queues/{name}/close", permission::supervisor, [&s](asked c) { s.close_queue(std::move(c)); }},
        {"POST", "/api/v1/queues/{name}/open", permission::supervisor, [&s](asked c) { s.open_queue(std::move(c)); }},
        {"PUT", "/api/v1/queues/{name}/notice", permission::supervisor, [&s](asked c) { s.set_notice(std::move(c)); }},
        {"DELETE", "/api/v1/queues/{name}/notice", permission::supervisor,
         [&s](asked c) { s.lift_notice(std::move(c)); }},
        {"GET", "/api/v1/incidents", permission::supervisor, [&s](asked c) { s.incidents(std::move(c)); }},
        {"POST", "/api/v1/incidents", permission::supervisor, [&s](asked c) { s.open_incident(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/link", permission::supervisor,
         [&s](asked c) { s.link_tickets(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/unlink", permission::supervisor,
         [&s](asked c) { s.unlink_tickets(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/reply", permission::supervisor,
         [&s](asked c) { s.reply_to_incident(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/resolve", permission::supervisor,
         [&s](asked c) { s.resolve_incident(std::move(c)); }},
        {"POST", "/api/v1/offers/{id}/accept", permission::agent, [&t](asked c) { t.accept_offer(std::move(c)); }},
        {"POST", "/api/v1/offers/{id}/decline", permission::agent, [&t](asked c) { t.decline_offer(std::move(c)); }},
        {"GET", "/api/v1/agents", permission::supervisor, [&p](asked c) { p.agents(std::move(c)); }},
        {"GET", "/api/v1/colleagues", permission::agent, [&p](asked c) { p.colleagues(std::move(c)); }},
        {"PATCH", "/api/v1/agents/{id}", permission::admin, [&p](asked c) { p.change_agent(std::move(c)); }},
        {"PUT", "/api/v1/agents/{id}/presence", permission::agent, [&p](asked c) { p.set_presence(std::move(c)); }},
        {"POST", "/api/v1/agents", permission::admin, [&a](const asked& c) { a.add(c); }},
        {"PUT", "/api/v1/agents/{id}/password", permission::agent, [&a](const asked& c) { a.set_password(c); }},
        {"GET", "/api/v1/people", permission::admin, [&a](const asked& c) { a.list(c); }},
        {"GET", "/api/v1/tokens", permission::admin, [&k](const asked& c) { k.list(c); }},
        {"POST", "/api/v1/tokens", permission::admin, [&k](const asked& c) { k.give_out(c); }},
        {"DELETE", "/api/v1/tokens/{name}", permission::admin, [&k](const asked& c) { k.revoke(c); }},
        {"GET", "/api/v1/queues", permission::supervisor, [&p](asked c) { p.queues(std::move(c)); }},
        {"GET", "/api/v1/reports", permission::supervisor, [&o](const asked& c) { o.list(c); }},
        {"GET", "/api/v1/reports/{name}", permission::supervisor, [&o](const asked& c) { o.show(c); }},
        {"POST", "/api/v1/simulation", permission::supervisor, [&o](const asked& c) { o.simulate(c); }},
        {"POST", "/api/v1/import/customers", permission::api, [&b](asked c) { b.import_customers(std::move(c)); }},
        {"GET", "/api/v1/export/customers", permission::admin, [&b](asked c) { b.export_customers(std::move(c)); }},
        {"GET", "/api/v1/join-proposals", permission::agent, [&j](asked c) { j.list(std::move(c)); }},
        {"POST", "/api/v1/join-proposals/search", permission::supervisor, [&j](asked c) { j.search(std::move(c)); }},
        {"POST", "/api/v1/join-proposals/{id}/accept", permission::agent, [&j](asked c) { j.accept(std::move(c)); }},
        {"POST", "/api/v1/join-proposals/{id}/dismiss", permission::agent, [&j](asked c) { j.dismiss(std::move(c)); }},
        {"GET", "/api/v1/customers", permission::agent_or_api, [&u](asked c) { u.find(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}", permission::agent_or_api, [&u](asked c) { u.show(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/journey", permission::agent_or_api, [&u](const asked& c) { u.journey(c); }},
        {"PATCH", "/api/v1/customers/{id}", permission::agent_or_api, [&u](asked c) { u.change(std::move(c)); }},
        {"DELETE", "/api/v1/customers/{id}", permission::admin, [&d](asked c) { d.erase_customer(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/export", permission::admin, [&d](asked c) { d.export_customer(std::move(c)); }},
        {"GET", "/api/v1/audit", permission::admin, [&d](asked c) { d.audit(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/events", permission::agent_or_api, [&u](asked c) { u.event(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/pin", permission::agent_or_api, [&u](asked c) { u.pin(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/merge", permission::agent_or_api, [&u](asked c) { u.merge(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/unmerge", permission::agent_or_api,
         [&u](asked c) { u.unmerge(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/notes", permission::agent_or_api, [&n](asked c) { n.list(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/notes", permission::agent_or_api, [&n](asked c) { n.add(std::move(c)); }},
        {"PATCH", "/api/v1/customers/{id}/notes/{number}", permission::agent_or_api,
         [&n](asked c) { n.change(std::move(c)); }},
        {"DELETE", "/api/v1/customers/{id}/notes/{number}", permission::agent_or_api,
         [&n](asked c) { n.remove(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/do-not-contact", permission::agent_or_api,
         [&g](asked c) { g.consent(std::move(c)); }},
        {"PUT", "/api/v1/customers/{id}/do-not-contact", permission::agent_or_api,
         [&g](asked c) { g.forbid_contact(std::move(c)); }},
        {"DELETE", "/api/v1/customers/{id}/do-not-contact", permission::agent_or_api,
         [&g](asked c) { g.allow_contact(std::move(c)); }},
        {"POST", "/api/v1/attachments", permission::agent, [&f](asked c) { f.upload(std::move(c)); }},
        {"GET", "/api/v1/attachments/{id}", permission::agent, [&f](asked c) { f.download(std::move(c)); }},
        {"GET", "/api/v1/channels", permission::supervisor, [&g](asked c) { g.channels(std::move(c)); }},
        {"GET", "/api/v1/channels/{name}/deliveries", permission::supervisor,
         [&o](const asked& c) { o.deliveries(c); }},
        {"GET", "/api/v1/blocks", permission::supervisor, [&g](asked c) { g.blocks(std::move(c)); }},
        {"POST", "/api/v1/blocks", permission::supervisor, [&g](asked c) { g.block(std::move(c)); }},
        {"DELETE", "/api/v1/blocks/{identity}", permission::supervisor, [&g](asked c) { g.unblock(std::move(c)); }},
        {"GET", "/api/v1/quarantine", permission::admin, [&g](asked c) { g.quarantine(std::move(c)); }},
        {"GET", "/api/v1/quarantine/{id}", permission::admin, [&g](asked c) { g.quarantined(std::move(c)); }},
        {"POST", "/api/v1/quarantine/{id}/retry", permission::admin,
         [&g](asked c) { g.retry_quarantined(std::move(c)); }},
        {"DELETE", "/api/v1/quarantine/{id}", permission::admin, [&g](asked c) { g.drop_quarantined(std::move(c)); }},
        {"GET", "/api/v1/events", permission::admin, [&g](asked c) { g.events(std::move(c)); }},
        {"GET", "/api/v1/events/{subscription}/dead", permission::admin,
         [&g](asked c) { g.dead_events(std::move(c)); }},
        {"POST", "/api/v1/events/{subscription}/replay", permission::admin,
         [&g](asked c) { g.replay_events(std::move(c)); }},
        {"GET", "/api/v1/rules", permission::admin, [&r](asked c) { r.list(std::move(c)); }},
        {"GET", "/api/v1/rules/{hash}", permission::admin, [&r](asked c) { r.files(std::move(c)); }},
        {"POST", "/api/v1/rules/check", permission::admin, [&r](asked c) { r.check(std::move(c)); }},
        {"POST", "/api/v1/rules/explain", permission::admin, [&r](asked c) { r.explain(std::move(c)); }},
        {"POST", "/api/v1/rules/diff", permission::admin, [&r](asked c) { r.diff(std::move(c)); }},
        {"POST", "/api/v1/rules/test", permission::admin, [&r](asked c) { r.test(std::move(c)); }},
        {"POST", "/api/v1/rules/backtest", permission::admin, [&r](asked c) { r.backtest(std::move(c)); }},
        {"POST", "/api/v1/rules/activate", permission::admin, [&r](asked c) { r.activate(std::move(c)); }},
        {"POST", "/api/v1/rules/rollback", permission::admin, [&r](asked c) { r.rollback(std::move(c)); }},
    };
}

std::vector<std::pair<std::string_view, std::string_view>> gateway_endpoints() {
    return {{"GET", "/livez"},
            {"GET", "/readyz"},
            {"GET", "/metrics"},
            {"GET", "/webhooks/{channel}"},
            {"POST", "/webhooks/{channel}"},
            {"POST", "/api/v1/contacts"},
            {"POST", "/api/v1/login"},
            {"POST", "/api/v1/logout"},
            {"GET", "/api/v1/desk"},
            {"POST", "/crm/{name}"},
            {"GET", "/faq"},
            {"POST", "/faq"},
            {"GET", "/faq/{id}"},
            {"POST", "/faq/{id}"},
            {"GET", "/surveys/{token}"},
            {"POST", "/surveys/{token}"},
            {"GET", "/answers/{token}"},
            {"POST", "/answers/{token}"},
            {"GET", "/files/{id}"},
            {"GET", "/chat/{channel}"},
            {"GET", "/chat/{channel}.js"},
            {"POST", "/chat/{channel}/files"},
            {"GET", "/chat/{channel}/files/{id}"}};
}

}  // namespace kindred::api
