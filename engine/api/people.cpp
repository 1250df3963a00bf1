#include "engine/api/people.hpp"

#include "engine/api/submit.hpp"
#include "engine/api/ticket_view.hpp"
#include "engine/rules/explanation.hpp"

namespace kindred::api {
namespace {

std::optional<dispatch::presence> presence_named(std::string_view name) {
    for (const auto each : {dispatch::presence::available, dispatch::presence::away, dispatch::presence::offline})
        if (dispatch::name_of(each) == name) return each;
    return std::nullopt;
}

void write_levels(json::writer& out, std::string_view key, const std::map<std::string, int>& levels) {
    out.key(key).begin_object();
    for (const auto& [name, level] : levels) out.member(name, level);
    out.end_object();
}

/// What is stated of them, and the defaults of what is not: a customer does not keep those.
void write_attributes(json::writer& out, const customer& who, const rules::ruleset& rules) {
    auto shown = who.declared;
    shown.merge(rules.customer_defaults());
    out.key("attributes").begin_object();
    for (const auto& [name, held] : shown) {
        out.key(name).begin_object().key("value");
        write_json(out, held.value);
        out.member("source", held.source);
        if (held.at != time_point{}) out.member("at", to_rfc3339(held.at));
        out.end_object();
    }
    out.end_object();
}

void write_customer(json::writer& out, const customer& who, const rules::ruleset& rules,
                    const rules::decision& stands) {
    out.key("customer").begin_object().member("id", to_string(who.id)).member("name", who.name);
    out.member("known", who.known).member("language", who.language).key("identities").begin_array();
    for (const auto& each : who.identities)
        out.begin_object().member("identity", each.text).member("proven", each.proven == proof::proven).end_object();
    write_attributes(out.end_array(), who, rules);
    out.key("segments").begin_object();
    for (const auto& each : stands.segments) out.member(each.dimension, each.segment);
    out.end_object().member("stage", stands.stage).key("tags").begin_array();
    for (const auto& tag : who.tags) out.value(tag);
    out.end_array().member("contacts", who.contacts).member("open_tickets", who.open_tickets);
    if (who.last_contact_at) out.member("last_contact_at", to_rfc3339(*who.last_contact_at));
    out.member_if("last_agent", who.last_agent).member("version", who.version).end_object();
}

}  // namespace

void people_endpoints::me(std::shared_ptr<call> asked) {
    runtime::board_question question;
    question.what = runtime::board_question::about::presence;
    question.agent = asked->who.agent;
    question.done = [asked, people = site_.people()](const result<std::string>& presence) {
        json::writer out;
        out.begin_object().key("agent").begin_object().member("id", to_string(asked->who.agent));
        out.member("login", asked->who.name).member("role", runtime::name_of(asked->who.may));
        if (const auto* someone = people->find(asked->who.agent)) {
            out.member("name", someone->name).key("queues").begin_array();
            for (const auto& queue : someone->queues) out.value(queue);
            out.end_array();
            write_levels(out, "skills", someone->skills);
            write_levels(out, "languages", someone->languages);
        }
        if (presence && presence->size() > 2) out.raw(std::string_view(*presence).substr(1, presence->size() - 2));
        asked->send(http::response::json(200, out.end_object().end_object().take()));
    };
    if (!site_.submit(std::move(question))) asked->send(not_taken());
}

void people_endpoints::ask_board(const std::shared_ptr<call>& asked, runtime::board_question::about what) {
    runtime::board_question question;
    question.what = what;
    question.done = [asked](result<std::string> said) { asked->send(200, said); };
    if (!site_.submit(std::move(question))) asked->send(not_taken());
}

void people_endpoints::colleagues(std::shared_ptr<call> asked) {
    ask_board(asked, runtime::board_question::about::colleagues);
}
void people_endpoints::agents(std::shared_ptr<call> asked) { ask_board(asked, runtime::board_question::about::agents); }
void people_endpoints::queues(std::shared_ptr<call> asked) {
    ask_board(asked, runtime::board_question::about::estimates);
}

void people_endpoints::set_presence(std::shared_ptr<call> asked) {
    const auto whose = asked->parameters["id"];
    auto agent = whose == "me" ? std::optional(asked->who.agent) : parse_id<agent_id>(whose);
    if (!agent || site_.people()->find(*agent) == nullptr)
        return asked->send(fail(errc::not_found, "there is no such agent"));
    if (*agent != asked->who.agent && asked->who.may == runtime::role::agent)
        return asked->send(fail(errc::forbidden, "agents set their own presence; supervisors set anybody's"));
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto state = presence_named(body->text("state").value_or(""));
    auto reason = body->text("reason").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!state) return asked->send(fail(errc::invalid, "state: wants available, away or offline"));
    runtime::presence_change wanted{*agent, *state, std::move(reason), {}};
    wanted.done = [asked](result<std::string> said) { asked->send(200, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void people_endpoints::change_agent(std::shared_ptr<call> asked) {
    const auto id = asked->id<agent_id>();
    if (!id) return asked->send(id.error());
    const auto people = site_.people();
    const auto* known = people->find(*id);
    if (known == nullptr) return asked->send(fail(errc::not_found, "there is no such agent"));
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto changed = *known;
    if (const auto name = body->text("name")) changed.name = *name;
    if (const auto phone = body->text("phone")) changed.phone = *phone;
    if (const auto role = body->text("role")) {
        const auto named = runtime::role_named(*role);
        if (!named || *named == runtime::role::api)
            return asked->send(fail(errc::invalid, "role: wants agent, supervisor or admin"));
        changed.may = *named;
    }
    json::writer lists;
    lists.begin_object();
    for (const auto* member : {"queues", "skills", "languages", "capacity"})
        if (const auto given = body->any(member); given.exists()) lists.key(member).raw(given.to_text());
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto read = runtime::person_from_json(*id, lists.end_object().text());
    if (!read) return asked->send(read.error());
    if (body->root()["queues"].exists()) changed.queues = read->queues;
    if (body->root()["skills"].exists()) changed.skills = read->skills;
    if (body->root()["languages"].exists()) changed.languages = read->languages;
    if (body->root()["capacity"].exists()) changed.capacity = read->capacity;
    if (changed.capacity < 1 || changed.capacity > 1000)
        return asked->send(fail(errc::invalid, "capacity: wants a number from 1 to 1000"));
    runtime::roster_change wanted{{changed}, [asked](result<std::string> said) { asked->send(200, said); }};
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void people_endpoints::show(const call& asked, const result<store::customer_row>& row) {
    if (!row) return asked.send(row.error());
    const auto who = customer_from_json(row->id, row->version, row->json);
    if (!who) return asked.send(who.error());
    const contact nothing_said;
    const rules::empty_board board;
    const auto rules = site_.rules();
    const auto stands = rules.decide({nothing_said, *who, site_.now().now(), board});
    store::ticket_filter filter;
    filter.customer = row->id;
    filter.limit = 20;
    const auto tickets = site_.durable().tickets(filter);
    if (!tickets) return asked.send(tickets.error());
    json::writer out;
    out.begin_object();
    write_customer(out, *who, rules, stands);
    out.key("tickets").begin_array();
    for (const auto& each : *tickets)
        if (const auto summary = summary_of(site_, each)) out.raw(*summary);
    asked.send(http::response::json(200, out.end_array().end_object().take()));
}

void people_endpoints::customer(std::shared_ptr<call> asked) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    show(*asked, site_.durable().customer(*id));
}

void people_endpoints::find_customer(std::shared_ptr<call> asked) {
    const auto identity = asked->query_parameter("identity");
    if (!identity || identity->empty())
        return asked->send(fail(errc::invalid, "identity: is missing, e.g. identity=email:ann@example.com"));
    show(*asked, site_.durable().customer_with(*identity));
}

void people_endpoints::submit_change(const std::shared_ptr<call>& asked, runtime::customer_change wanted) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    const bool by_agent = static_cast<bool>(asked->who.agent);
    wanted.customer = *id;
    wanted.source = (by_agent ? "agent:" : "crm:") + asked->who.name;
    wanted.done = [asked](result<std::string> said) { asked->send(200, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void people_endpoints::change_customer(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto attributes = body->root()["attributes"];
    if (!attributes.is_object() || body->root().size() != 1)
        return asked->send(
            fail(errc::invalid, "attributes: wants an object of declared attributes, and nothing beside it"));
    runtime::customer_change wanted;
    wanted.payload = attributes.to_text();
    submit_change(asked, std::move(wanted));
}

void people_endpoints::customer_event(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto event = body->root()["event"];
    const auto payload = body->root()["data"];
    if (!event.is_string() || event.text().empty()) return asked->send(fail(errc::invalid, "event: is missing"));
    if (payload.exists() && !payload.is_object()) return asked->send(fail(errc::invalid, "data: wants an object"));
    runtime::customer_change wanted;
    wanted.event = event.text();
    wanted.payload = payload.exists() ? payload.to_text() : "{}";
    submit_change(asked, std::move(wanted));
}

void people_endpoints::pin(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    kindred::pin wanted;
    wanted.dimension = body->text("dimension").value_or("");
    wanted.value = body->text("value").value_or("");
    wanted.reason = body->text("reason").value_or("");
    const auto until = body->text("until");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (wanted.dimension.empty())
        return asked->send(fail(errc::invalid, "dimension: is missing: a dimension of segments, or stage"));
    if (until) {
        wanted.until = parse_time(*until);
        if (!wanted.until || *wanted.until <= site_.now().now())
            return asked->send(fail(errc::invalid, "until: wants a time to come, e.g. 2026-12-31T00:00:00Z"));
    }
    runtime::customer_change change;
    change.pinned = std::move(wanted);
    submit_change(asked, std::move(change));
}

}  // namespace kindred::api
