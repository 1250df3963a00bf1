#include "engine/api/customers.hpp"

#include "engine/api/notes.hpp"
#include "engine/api/registers.hpp"
#include "engine/api/submit.hpp"
#include "engine/api/ticket_view.hpp"
#include "engine/base/text.hpp"
#include "engine/rules/explanation.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/surveys/asked_survey.hpp"

namespace kindred::api {
namespace {

constexpr std::size_t tickets_shown = 20;
constexpr std::size_t notes_shown = 20;
constexpr std::size_t longest_name = 200;

std::optional<std::vector<std::string>> texts_of(json::value list) {
    if (!list.is_array()) return std::nullopt;
    std::vector<std::string> texts;
    bool all = true;
    list.for_each([&](json::value each) {
        all = all && each.is_string();
        texts.emplace_back(each.text());
    });
    return all ? std::optional(std::move(texts)) : std::nullopt;
}

/// What is stated of them, and the defaults of what is not: a customer does not keep those.
void write_attributes(json::writer& out, const customer& who, const rules::ruleset& rules) {
    const auto& schema = rules.compiled().customer_attributes;
    auto shown = who.declared;
    shown.merge(rules.customer_defaults());
    out.key("attributes").begin_object();
    for (const auto& [name, held] : shown) {
        out.key(name).begin_object().key("value");
        write_json(out, held.value);
        out.member("source", held.source);
        if (held.at != time_point{}) out.member("at", to_rfc3339(held.at));
        if (const auto* declared = schema.find(name)) out.member_if("kind", declared->kind);
        out.end_object();
    }
    out.end_object();
}

void write_pins(json::writer& out, const customer& who) {
    out.key("pins").begin_array();
    for (const auto& each : who.pins) {
        out.begin_object().member("dimension", each.dimension).member("value", each.value);
        out.member_if("by", each.by).member_if("reason", each.reason).member("at", to_rfc3339(each.at));
        if (each.until) out.member("until", to_rfc3339(*each.until));
        out.end_object();
    }
    out.end_array();
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
    write_pins(out.end_array(), who);
    if (!who.merged_from.empty()) {
        out.key("merged_from").begin_array();
        for (const auto each : who.merged_from) out.value(to_string(each));
        out.end_array();
    }
    out.member("contacts", who.contacts).member("open_tickets", who.open_tickets);
    if (who.last_contact_at) out.member("last_contact_at", to_rfc3339(*who.last_contact_at));
    out.member_if("last_agent", who.last_agent);
    if (who.satisfaction) out.member("satisfaction", *who.satisfaction);
    out.member("created_at", to_rfc3339(who.created_at)).member("version", who.version).end_object();
}

/// The surveys after these tickets, answered or not.
void write_surveys(json::writer& out, const std::vector<store::ticket_row>& tickets) {
    out.key("surveys").begin_array();
    for (const auto& row : tickets) {
        std::string_view dispatch_bytes;
        const auto held = runtime::unpack(row, dispatch_bytes);
        if (!held || !runtime::survey_of(*held)) continue;
        out.begin_object().member("ticket", to_string(row.id)).key("survey");
        runtime::write_survey(out, *held);
        out.end_object();
    }
    out.end_array();
}

}  // namespace

void customer_endpoints::send_profile(const call& asked, const result<store::customer_row>& row) {
    if (!row) return asked.send(row.error());
    const auto who = customer_from_json(row->id, row->version, row->json);
    if (!who) return asked.send(who.error());
    const contact nothing_said;
    const rules::empty_board board;
    const auto rules = site_.rules();
    const auto stands = rules.decide({nothing_said, *who, site_.now().now(), board});
    store::ticket_filter filter;
    filter.customers = who->merged_from;
    filter.customers.push_back(who->id);
    filter.limit = tickets_shown;
    const auto tickets = site_.durable().tickets(filter);
    if (!tickets) return asked.send(tickets.error());
    const auto notes = notes_to_show(site_.durable(), *who, notes_shown);
    if (!notes) return asked.send(notes.error());
    json::writer out;
    out.begin_object();
    write_customer(out, *who, rules, stands);
    out.key("tickets").begin_array();
    for (const auto& each : *tickets)
        if (const auto summary = summary_of(site_, each)) out.raw(*summary);
    out.end_array();
    write_surveys(out, *tickets);
    out.key("notes").begin_array();
    for (const auto& each : *notes) write_note(out, each);
    out.end_array();
    if (auto written = write_do_not_contact(out, site_.durable(), *who); !written) return asked.send(written.error());
    asked.send(http::response::json(200, out.end_object().take()));
}

void customer_endpoints::show(std::shared_ptr<call> asked) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    send_profile(*asked, runtime::who_goes_on(site_.durable(), *id));
}

void customer_endpoints::find(std::shared_ptr<call> asked) {
    const auto identity = asked->query_parameter("identity");
    if (!identity || identity->empty())
        return asked->send(fail(errc::invalid, "identity: is missing, e.g. identity=email:ann@example.com"));
    // What cannot be folded may still be what a channel calls somebody.
    const auto folded = folded_identity(*identity);
    send_profile(*asked, site_.durable().customer_with(folded ? *folded : *identity));
}

void customer_endpoints::submit(const std::shared_ptr<call>& asked, decltype(runtime::customer_change::what) what) {
    submit_customer_change(site_, asked, std::move(what), 200);
}

void customer_endpoints::change(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::profile::set wanted;
    const auto attributes = body->any("attributes");
    if (attributes.exists() && !attributes.is_object())
        return asked->send(fail(errc::invalid, "attributes: wants an object of declared attributes"));
    if (attributes.exists()) wanted.attributes = attributes.to_text();
    wanted.name = body->text("name");
    wanted.language = body->text("language");
    if (const auto tags = body->any("tags"); tags.exists()) {
        auto read = texts_of(tags);
        if (!read) return asked->send(fail(errc::invalid, "tags: wants a list of texts"));
        wanted.tags = std::move(*read);
    }
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (body->root().size() == 0)
        return asked->send(fail(errc::invalid, "attributes, name, language or tags: at least one is wanted"));
    if (wanted.name && wanted.name->size() > longest_name)
        return asked->send(fail(errc::invalid, "name: at most 200 bytes"));
    if (wanted.language && wanted.language->size() != 2)
        return asked->send(fail(errc::invalid, "language: wants two letters, e.g. es"));
    submit(asked, std::move(wanted));
}

void customer_endpoints::event(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto event = body->root()["event"];
    const auto payload = body->root()["data"];
    if (!event.is_string() || event.text().empty()) return asked->send(fail(errc::invalid, "event: is missing"));
    if (payload.exists() && !payload.is_object()) return asked->send(fail(errc::invalid, "data: wants an object"));
    submit(asked, runtime::profile::event{std::string(event.text()), payload.exists() ? payload.to_text() : "{}"});
}

void customer_endpoints::pin(std::shared_ptr<call> asked) {
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
    if (!wanted.value.empty() && trim(wanted.reason).empty())
        return asked->send(fail(errc::invalid, "reason: is missing: whoever meets the pin later wants to know why"));
    if (until) {
        wanted.until = parse_time(*until);
        if (!wanted.until || *wanted.until <= site_.now().now())
            return asked->send(fail(errc::invalid, "until: wants a time to come, e.g. 2026-12-31T00:00:00Z"));
    }
    submit(asked, runtime::profile::place_pin{std::move(wanted)});
}

void customer_endpoints::merge(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto into = body->text("into").value_or("");
    auto reason = body->text("reason").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto other = parse_id<customer_id>(into);
    if (!other) return asked->send(fail(errc::invalid, "into: wants the id of the customer that this one goes on as"));
    submit(asked, runtime::profile::merge{*other, std::move(reason)});
}

void customer_endpoints::unmerge(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto reason = body->text("reason").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    submit(asked, runtime::profile::unmerge{std::move(reason)});
}

}  // namespace kindred::api
