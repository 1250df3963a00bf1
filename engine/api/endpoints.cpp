#include "engine/api/endpoints.hpp"

#include "engine/api/accounts.hpp"
#include "engine/api/attachments.hpp"
#include "engine/api/bulk.hpp"
#include "engine/api/channel_checks.hpp"
#include "engine/api/customers.hpp"
#include "engine/api/data.hpp"
#include "engine/api/desk_papers.hpp"
#include "engine/api/guidance.hpp"
#include "engine/api/joins.hpp"
#include "engine/api/notes.hpp"
#include "engine/api/people.hpp"
#include "engine/api/registers.hpp"
#include "engine/api/reports.hpp"
#include "engine/api/roles.hpp"
#include "engine/api/rules.hpp"
#include "engine/api/supervision.hpp"
#include "engine/api/tickets.hpp"
#include "engine/api/tokens.hpp"
#include "engine/api/work.hpp"
#include "engine/base/text.hpp"

namespace kindred::api {

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
    auto& l = all.roles;
    auto& d = all.data;
    auto& b = all.bulk;
    auto& j = all.joins;
    auto& o = all.reports;
    auto& h = all.guidance;
    auto& e = all.papers;
    auto& x = all.channel_checks;
    using asked = std::shared_ptr<call>;
    using enum runtime::permission;
    constexpr runtime::permission_set anybody;
    return {
        {"GET", "/api/v1/me", anybody, [&p](asked c) { p.me(std::move(c)); }},
        {"GET", "/api/v1/tickets", tickets_read, [&t](asked c) { t.list(std::move(c)); }},
        {"GET", "/api/v1/tickets/{id}", tickets_read, [&t](asked c) { t.show(std::move(c)); }},
        {"GET", "/api/v1/tickets/{id}/explain", tickets_read, [&t](asked c) { t.explain(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/reply", tickets_work, [&t](asked c) { t.reply(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/note", tickets_work, [&t](asked c) { t.note(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/resolve", tickets_work, [&t](asked c) { t.resolve(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/reopen", tickets_work, [&t](asked c) { t.reopen(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/transfer", tickets_work, [&t](asked c) { t.transfer(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/assign", tickets_reassign, [&t](asked c) { t.assign(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/wrap-up/end", tickets_work, [&t](asked c) { t.end_wrap_up(std::move(c)); }},
        {"GET", "/api/v1/tickets/{id}/draft", tickets_read, [&e](asked c) { e.draft(std::move(c)); }},
        {"PUT", "/api/v1/tickets/{id}/draft", tickets_work, [&e](asked c) { e.keep_draft(std::move(c)); }},
        {"GET", "/api/v1/mentions", tickets_read, [&e](asked c) { e.mentions(std::move(c)); }},
        {"DELETE", "/api/v1/mentions/{id}", tickets_read, [&e](asked c) { e.mention_seen(std::move(c)); }},
        {"GET", "/api/v1/me/wall", queues_read, [&e](asked c) { e.wall(std::move(c)); }},
        {"PUT", "/api/v1/me/wall", queues_read, [&e](asked c) { e.keep_wall(std::move(c)); }},
        {"GET", "/api/v1/articles", tickets_read, [&h](asked c) { h.find_articles(std::move(c)); }},
        {"GET", "/api/v1/macros", tickets_read, [&h](asked c) { h.macros(std::move(c)); }},
        {"GET", "/api/v1/groups", tickets_read | reports_read | rules_read, [&h](asked c) { h.groups(std::move(c)); }},
        {"GET", "/api/v1/coverage", reports_read | rules_read, [&h](asked c) { h.coverage(std::move(c)); }},
        {"POST", "/api/v1/tickets", tickets_work, [&w](asked c) { w.begin(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/snooze", tickets_work, [&w](asked c) { w.snooze(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/wrap-up/extend", tickets_work,
         [&w](asked c) { w.extend_wrap_up(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/call-back", tickets_work | contacts_write,
         [&w](asked c) { w.call_back(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/consult", tickets_work, [&w](asked c) { w.consult(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/consult/end", tickets_work, [&w](asked c) { w.end_consult(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/consult/take-over", tickets_work, [&w](asked c) { w.take_over(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/merge", tickets_work, [&w](asked c) { w.merge(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/texts", tickets_work, [&w](asked c) { w.mark_text(std::move(c)); }},
        {"PUT", "/api/v1/tickets/{id}/priority", tickets_reassign, [&w](asked c) { w.set_priority(std::move(c)); }},
        {"PUT", "/api/v1/tickets/{id}/recording", tickets_work, [&w](asked c) { w.set_recording(std::move(c)); }},
        {"PUT", "/api/v1/tickets/{id}/hold", tickets_work, [&w](asked c) { w.set_hold(std::move(c)); }},
        {"POST", "/api/v1/tickets/{id}/messages/{entry}/send-again", tickets_work,
         [&w](asked c) { w.send_again(std::move(c)); }},
        {"GET", "/api/v1/dispositions", tickets_read, [&w](asked c) { w.dispositions(std::move(c)); }},
        {"POST", "/api/v1/queues/{name}/close", queues_control, [&s](asked c) { s.close_queue(std::move(c)); }},
        {"POST", "/api/v1/queues/{name}/open", queues_control, [&s](asked c) { s.open_queue(std::move(c)); }},
        {"PUT", "/api/v1/queues/{name}/notice", queues_control, [&s](asked c) { s.set_notice(std::move(c)); }},
        {"DELETE", "/api/v1/queues/{name}/notice", queues_control, [&s](asked c) { s.lift_notice(std::move(c)); }},
        {"GET", "/api/v1/incidents", queues_read, [&s](asked c) { s.incidents(std::move(c)); }},
        {"POST", "/api/v1/incidents", incidents_manage, [&s](asked c) { s.open_incident(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/link", incidents_manage, [&s](asked c) { s.link_tickets(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/unlink", incidents_manage, [&s](asked c) { s.unlink_tickets(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/reply", incidents_manage,
         [&s](asked c) { s.reply_to_incident(std::move(c)); }},
        {"POST", "/api/v1/incidents/{id}/resolve", incidents_manage,
         [&s](asked c) { s.resolve_incident(std::move(c)); }},
        {"POST", "/api/v1/offers/{id}/accept", tickets_work, [&t](asked c) { t.accept_offer(std::move(c)); }},
        {"POST", "/api/v1/offers/{id}/decline", tickets_work, [&t](asked c) { t.decline_offer(std::move(c)); }},
        {"GET", "/api/v1/agents", queues_read, [&p](asked c) { p.agents(std::move(c)); }},
        {"GET", "/api/v1/colleagues", tickets_read, [&p](asked c) { p.colleagues(std::move(c)); }},
        {"PATCH", "/api/v1/agents/{id}", people_manage, [&p](asked c) { p.change_agent(std::move(c)); }},
        {"PUT", "/api/v1/agents/{id}/presence", tickets_work | presence_others,
         [&p](asked c) { p.set_presence(std::move(c)); }},
        {"POST", "/api/v1/agents", people_manage, [&a](const asked& c) { a.add(c); }},
        {"PUT", "/api/v1/agents/{id}/password", anybody, [&a](const asked& c) { a.set_password(c); }},
        {"GET", "/api/v1/people", people_read, [&a](const asked& c) { a.list(c); }},
        {"GET", "/api/v1/roles", people_read | tokens_read, [&l](const asked& c) { l.list(c); }},
        {"POST", "/api/v1/roles", roles_manage, [&l](const asked& c) { l.add(c); }},
        {"PATCH", "/api/v1/roles/{name}", roles_manage, [&l](const asked& c) { l.change(c); }},
        {"DELETE", "/api/v1/roles/{name}", roles_manage, [&l](const asked& c) { l.remove(c); }},
        {"GET", "/api/v1/tokens", tokens_read, [&k](const asked& c) { k.list(c); }},
        {"POST", "/api/v1/tokens", tokens_manage, [&k](const asked& c) { k.give_out(c); }},
        {"DELETE", "/api/v1/tokens/{name}", tokens_manage, [&k](const asked& c) { k.revoke(c); }},
        {"GET", "/api/v1/queues", queues_read, [&p](asked c) { p.queues(std::move(c)); }},
        {"GET", "/api/v1/reports", reports_read, [&o](const asked& c) { o.list(c); }},
        {"GET", "/api/v1/reports/{name}", reports_read, [&o](const asked& c) { o.show(c); }},
        {"POST", "/api/v1/simulation", reports_read, [&o](const asked& c) { o.simulate(c); }},
        {"POST", "/api/v1/import/customers", customers_import, [&b](asked c) { b.import_customers(std::move(c)); }},
        {"GET", "/api/v1/export/customers", customers_export, [&b](asked c) { b.export_customers(std::move(c)); }},
        {"GET", "/api/v1/join-proposals", customers_read, [&j](asked c) { j.list(std::move(c)); }},
        {"POST", "/api/v1/join-proposals/search", customers_manage, [&j](asked c) { j.search(std::move(c)); }},
        {"POST", "/api/v1/join-proposals/{id}/accept", customers_write, [&j](asked c) { j.accept(std::move(c)); }},
        {"POST", "/api/v1/join-proposals/{id}/dismiss", customers_write, [&j](asked c) { j.dismiss(std::move(c)); }},
        {"GET", "/api/v1/customers", customers_read, [&u](asked c) { u.find(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}", customers_read, [&u](asked c) { u.show(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/journey", customers_read, [&u](const asked& c) { u.journey(c); }},
        {"PATCH", "/api/v1/customers/{id}", customers_write, [&u](asked c) { u.change(std::move(c)); }},
        {"DELETE", "/api/v1/customers/{id}", customers_erase, [&d](asked c) { d.erase_customer(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/export", customers_export, [&d](asked c) { d.export_customer(std::move(c)); }},
        {"GET", "/api/v1/audit", audit_read, [&d](asked c) { d.audit(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/events", customers_write, [&u](asked c) { u.event(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/pin", customers_write, [&u](asked c) { u.pin(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/merge", customers_write, [&u](asked c) { u.merge(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/unmerge", customers_write, [&u](asked c) { u.unmerge(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/notes", customers_read, [&n](asked c) { n.list(std::move(c)); }},
        {"POST", "/api/v1/customers/{id}/notes", customers_write, [&n](asked c) { n.add(std::move(c)); }},
        {"PATCH", "/api/v1/customers/{id}/notes/{number}", customers_write, [&n](asked c) { n.change(std::move(c)); }},
        {"DELETE", "/api/v1/customers/{id}/notes/{number}", customers_write, [&n](asked c) { n.remove(std::move(c)); }},
        {"GET", "/api/v1/customers/{id}/do-not-contact", customers_read, [&g](asked c) { g.consent(std::move(c)); }},
        {"PUT", "/api/v1/customers/{id}/do-not-contact", customers_write,
         [&g](asked c) { g.forbid_contact(std::move(c)); }},
        {"DELETE", "/api/v1/customers/{id}/do-not-contact", customers_write,
         [&g](asked c) { g.allow_contact(std::move(c)); }},
        {"POST", "/api/v1/attachments", tickets_work, [&f](asked c) { f.upload(std::move(c)); }},
        {"GET", "/api/v1/attachments/{id}", tickets_read, [&f](asked c) { f.download(std::move(c)); }},
        {"GET", "/api/v1/channels", channels_read, [&g](asked c) { g.channels(std::move(c)); }},
        {"GET", "/api/v1/channels/{name}/deliveries", channels_read, [&o](const asked& c) { o.deliveries(c); }},
        {"POST", "/api/v1/channels/{name}/test", channels_manage, [&x](const asked& c) { x.test(c); }},
        {"POST", "/api/v1/channels/{name}/test-message", channels_manage, [&w](const asked& c) { w.test_channel(c); }},
        {"GET", "/api/v1/blocks", channels_read, [&g](asked c) { g.blocks(std::move(c)); }},
        {"POST", "/api/v1/blocks", senders_block, [&g](asked c) { g.block(std::move(c)); }},
        {"DELETE", "/api/v1/blocks/{identity}", senders_block, [&g](asked c) { g.unblock(std::move(c)); }},
        {"GET", "/api/v1/quarantine", channels_manage, [&g](asked c) { g.quarantine(std::move(c)); }},
        {"GET", "/api/v1/quarantine/{id}", channels_manage, [&g](asked c) { g.quarantined(std::move(c)); }},
        {"POST", "/api/v1/quarantine/{id}/retry", channels_manage,
         [&g](asked c) { g.retry_quarantined(std::move(c)); }},
        {"DELETE", "/api/v1/quarantine/{id}", channels_manage, [&g](asked c) { g.drop_quarantined(std::move(c)); }},
        {"GET", "/api/v1/events", channels_manage, [&g](asked c) { g.events(std::move(c)); }},
        {"GET", "/api/v1/events/{subscription}/dead", channels_manage, [&g](asked c) { g.dead_events(std::move(c)); }},
        {"POST", "/api/v1/events/{subscription}/replay", channels_manage,
         [&g](asked c) { g.replay_events(std::move(c)); }},
        {"GET", "/api/v1/rules", rules_read, [&r](asked c) { r.list(std::move(c)); }},
        {"GET", "/api/v1/rules/{hash}", rules_read, [&r](asked c) { r.files(std::move(c)); }},
        {"POST", "/api/v1/rules/check", rules_read, [&r](asked c) { r.check(std::move(c)); }},
        {"POST", "/api/v1/rules/explain", rules_read, [&r](asked c) { r.explain(std::move(c)); }},
        {"POST", "/api/v1/rules/diff", rules_read, [&r](asked c) { r.diff(std::move(c)); }},
        {"POST", "/api/v1/rules/test", rules_read, [&r](asked c) { r.test(std::move(c)); }},
        {"POST", "/api/v1/rules/backtest", rules_read, [&r](asked c) { r.backtest(std::move(c)); }},
        {"POST", "/api/v1/rules/activate", rules_activate, [&r](asked c) { r.activate(std::move(c)); }},
        {"POST", "/api/v1/rules/rollback", rules_activate, [&r](asked c) { r.rollback(std::move(c)); }},
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
