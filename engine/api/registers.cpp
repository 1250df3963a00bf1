#include "engine/api/registers.hpp"

#include "engine/api/status.hpp"
#include "engine/api/submit.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/domain/identity.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/runtime/arrivals/waiting_room.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/people/registers.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t most_listed = 1'000;
constexpr std::size_t longest_reason = 200;

result<std::optional<time_point>> end_of(body_reader& body, time_point now) {
    const auto until = body.text("until");
    if (!until) return std::optional<time_point>{};
    const auto at = parse_time(*until);
    if (!at || *at <= now) return fail(errc::invalid, "until: wants a time to come, e.g. 2026-12-31T00:00:00Z");
    return at;
}

void write_stop(json::writer& out, const customers::do_not_contact& stop) {
    out.begin_object().member("subject", stop.subject);
    out.member("channel_kind", stop.kind ? name_of(*stop.kind) : std::string_view("all"));
    out.member("answers_allowed", stop.answers_allowed).member("by", stop.by).member_if("reason", stop.reason);
    out.member("at", to_rfc3339(stop.at));
    if (stop.until) out.member("until", to_rfc3339(*stop.until));
    out.end_object();
}

void write_request(json::writer& out, const runtime::raw_request& raw) {
    out.key("request").begin_object().member_if("method", raw.method).member_if("url", raw.url);
    out.key("headers").begin_array();
    for (const auto& [name, value] : raw.headers) out.begin_array().value(name).value(value).end_array();
    out.end_array().member("body_base64", to_base64(raw.body));
    if (is_utf8(raw.body)) out.member("body", raw.body);
    out.end_object();
}

void write_quarantined(json::writer& out, const runtime::quarantined& held, bool whole) {
    out.begin_object().member("id", held.id).member("channel", held.channel).member("reason", held.reason);
    out.member_if("detail", held.detail).member("at", to_rfc3339(held.at));
    out.member("bytes", held.request.body.size());
    if (whole) write_request(out, held.request);
    out.end_object();
}

}  // namespace

result<std::string> folded_identity(std::string_view given) {
    const auto colon = given.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == given.size() || given.size() > 320)
        return fail(errc::invalid,
                    "identity: wants e.g. phone:+34612345678, email:a@example.com or email:*@example.com");
    const auto space = given.substr(0, colon);
    const auto rest = given.substr(colon + 1);
    if (space == "phone") {
        const auto folded = phone_identity(rest);
        if (!folded) return fail(errc::invalid, "identity: is no phone number in full, such as phone:+34612345678");
        return folded->text;
    }
    if (space != "email") return std::string(given);
    const auto folded = email_identity(rest, proof::claimed);
    if (!folded) return fail(errc::invalid, "identity: is no mail address, nor *@ and a domain");
    return folded->text;
}

result<void> write_do_not_contact(json::writer& out, store::store& from, const customer& who) {
    std::vector<std::string> subjects{"customer:" + to_string(who.id)};
    for (const auto& each : who.identities) subjects.push_back(each.text);
    out.key("do_not_contact").begin_array();
    for (const auto& subject : subjects) {
        const auto rows = from.kept(runtime::stop_rows, customers::key_prefix_of(subject), {}, most_listed);
        if (!rows) return rows.error();
        for (const auto& each : *rows)
            if (const auto stop = customers::do_not_contact_from_json(each.bytes)) write_stop(out, *stop);
    }
    out.end_array();
    return {};
}

void register_endpoints::submit(const std::shared_ptr<call>& asked, runtime::register_change wanted) {
    wanted.by = source_of(*asked);
    wanted.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void register_endpoints::channels(std::shared_ptr<call> asked) {
    const auto stands = site_.sending();
    json::writer out;
    out.begin_object().key("channels").begin_array();
    for (const auto& each : site_.channels().all()) {
        const auto found = stands.channels.find(each.name);
        out.begin_object().member("name", each.name).member("connector", each.connector);
        out.member("kind", name_of(each.kind));
        out.member("pending", found == stands.channels.end() ? std::size_t{0} : found->second.pending);
        if (found != stands.channels.end() && found->second.paused_until)
            out.member("paused_until", to_rfc3339(*found->second.paused_until));
        if (!each.policy.templates.empty()) {
            out.key("templates").begin_array();
            for (const auto& known : each.policy.templates) {
                out.begin_object().member("name", known.name).member_if("language", known.language);
                if (known.parameters) out.member("parameters", *known.parameters);
                out.end_object();
            }
            out.end_array();
        }
        out.end_object();
    }
    out.end_array().key("circuits").begin_array();
    for (const auto& each : stands.circuits) {
        out.begin_object().member("host", each.host).member("state", runtime::name_of(each.state));
        out.member("failures", each.failures);
        if (each.state != runtime::circuit_state::closed) out.member("probe_at", to_rfc3339(each.until));
        out.end_object();
    }
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void register_endpoints::consent(std::shared_ptr<call> asked) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    const auto row = runtime::who_goes_on(site_.durable(), *id);
    if (!row) return asked->send(row.error());
    const auto who = customer_from_json(row->id, row->version, row->json);
    if (!who) return asked->send(who.error());
    json::writer out;
    out.begin_object().member("customer", to_string(who->id));
    if (auto written = write_do_not_contact(out, site_.durable(), *who); !written) return asked->send(written.error());
    asked->send(http::response::json(200, out.end_object().take()));
}

void register_endpoints::forbid_contact(std::shared_ptr<call> asked) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    if (const auto row = site_.durable().customer(*id); !row) return asked->send(row.error());
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    customers::do_not_contact stop;
    stop.subject = "customer:" + to_string(*id);
    const auto kind = body->text("channel_kind").value_or("all");
    stop.kind = channel_kind_named(kind);
    stop.answers_allowed = body->yes_no("answers_allowed").value_or(false);
    stop.reason = body->text("reason").value_or("");
    stop.by = source_of(*asked);
    const auto until = end_of(*body, site_.now().now());
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!until) return asked->send(until.error());
    if (!stop.kind && kind != "all")
        return asked->send(fail(errc::invalid, "channel_kind: wants email, chat, social, forum, api or all"));
    if (stop.reason.size() > longest_reason) return asked->send(fail(errc::invalid, "reason: at most 200 bytes"));
    stop.until = *until;
    submit(asked, {runtime::registers::consent_change{std::move(stop), false}, {}});
}

void register_endpoints::allow_contact(std::shared_ptr<call> asked) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    customers::do_not_contact stop;
    stop.subject = asked->query_parameter("subject").value_or("customer:" + to_string(*id));
    const auto kind = asked->query_parameter("channel_kind").value_or("all");
    stop.kind = channel_kind_named(kind);
    if (!stop.kind && kind != "all")
        return asked->send(fail(errc::invalid, "channel_kind: wants email, chat, social, forum, api or all"));
    submit(asked, {runtime::registers::consent_change{std::move(stop), true}, {}});
}

void register_endpoints::blocks(std::shared_ptr<call> asked) {
    const auto after = asked->query_parameter("cursor").value_or("");
    const auto rows = site_.durable().kept(runtime::block_rows, {}, after, most_listed + 1);
    if (!rows) return asked->send(rows.error());
    json::writer out;
    out.begin_object().key("blocks").begin_array();
    for (std::size_t i = 0; i < rows->size() && i < most_listed; ++i) {
        const auto read = customers::block_from_json((*rows)[i].bytes);
        if (!read) continue;
        out.begin_object().member("identity", read->identity).member("by", read->by).member_if("reason", read->reason);
        out.member("at", to_rfc3339(read->at));
        if (read->until) out.member("until", to_rfc3339(*read->until));
        out.end_object();
    }
    out.end_array().key("next");
    if (rows->size() > most_listed)
        out.value((*rows)[most_listed - 1].id);
    else
        out.null();
    asked->send(http::response::json(200, out.end_object().take()));
}

void register_endpoints::block(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    customers::block wanted;
    const auto identity = folded_identity(body->text("identity").value_or(""));
    wanted.reason = body->text("reason").value_or("");
    wanted.by = source_of(*asked);
    const auto until = end_of(*body, site_.now().now());
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!identity) return asked->send(identity.error());
    if (!until) return asked->send(until.error());
    if (wanted.reason.size() > longest_reason) return asked->send(fail(errc::invalid, "reason: at most 200 bytes"));
    wanted.identity = *identity;
    wanted.until = *until;
    submit(asked, {runtime::registers::block_change{std::move(wanted), false}, {}});
}

void register_endpoints::unblock(std::shared_ptr<call> asked) {
    const auto identity = folded_identity(asked->parameters["identity"]);
    if (!identity) return asked->send(identity.error());
    customers::block lifted;
    lifted.identity = *identity;
    submit(asked, {runtime::registers::block_change{std::move(lifted), true}, {}});
}

void register_endpoints::quarantine(std::shared_ptr<call> asked) {
    const auto rows = site_.durable().kept(runtime::quarantine_rows, {}, {}, most_listed);
    if (!rows) return asked->send(rows.error());
    std::vector<runtime::quarantined> all;
    for (const auto& row : *rows)
        if (auto held = runtime::quarantined_from(row)) all.push_back(std::move(*held));
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    json::writer out;
    out.begin_object().key("quarantine").begin_array();
    for (const auto& held : all) write_quarantined(out, held, false);
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void register_endpoints::quarantined(std::shared_ptr<call> asked) {
    const auto row = site_.durable().kept_one(runtime::quarantine_rows, asked->parameters["id"]);
    if (!row) return asked->send(row.error());
    const auto held = runtime::quarantined_from(*row);
    if (!held) return asked->send(held.error());
    json::writer out;
    write_quarantined(out, *held, true);
    asked->send(http::response::json(200, out.take()));
}

void register_endpoints::drop_quarantined(std::shared_ptr<call> asked) {
    submit(asked, {runtime::registers::quarantine_drop{asked->parameters["id"]}, {}});
}

/// Once more through the connector, as of the time when it arrived: signatures are as old as that.
void register_endpoints::retry_quarantined(std::shared_ptr<call> asked) {
    const auto row = site_.durable().kept_one(runtime::quarantine_rows, asked->parameters["id"]);
    if (!row) return asked->send(row.error());
    const auto held = runtime::quarantined_from(*row);
    if (!held) return asked->send(held.error());
    site_.waiting().take_again(*held, [asked, id = held->id](const result<std::vector<runtime::outcome>>& became) {
        if (!became) return asked->send(became.error());
        json::writer out;
        out.begin_object().member("id", id).key("outcomes").begin_array();
        bool settled = true;
        for (const auto& each : *became) {
            settled = settled && each.what != runtime::outcome::state::refused &&
                      each.what != runtime::outcome::state::quarantined;
            out.begin_object().member("outcome", runtime::name_of(each.what)).member_if("reason", each.reason);
            if (each.ticket) out.member("ticket", to_string(each.ticket));
            out.end_object();
        }
        out.end_array().member("left", !settled).end_object();
        asked->send(http::response::json(settled ? 200 : 409, out.take()));
    });
}

namespace {

std::size_t count_of(store::store& durable, std::string_view kind, const std::string& subscription) {
    const auto rows = durable.kept(kind, subscription + '/', {}, most_listed);
    return rows ? rows->size() : 0;
}

const runtime::event_subscription* subscription_of(const runtime::site& site, const call& asked) {
    const auto named = asked.parameters.find("subscription");
    const auto& all = site.subscriptions();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == named->second; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

void register_endpoints::events(std::shared_ptr<call> asked) {
    auto& durable = site_.durable();
    json::writer out;
    out.begin_object().key("subscriptions").begin_array();
    for (const auto& each : site_.subscriptions()) {
        out.begin_object().member("name", each.name).member("url", each.url).key("types").begin_array();
        for (const auto& type : each.types) out.value(type);
        out.end_array().member("waiting", count_of(durable, runtime::event_rows, each.name));
        out.member("retried", count_of(durable, runtime::event_retry_rows, each.name));
        out.member("dead", count_of(durable, runtime::dead_event_rows, each.name));
        const auto off = durable.kept_one(runtime::silent_rows, each.name);
        out.member("off", off && off->bytes == each.url).end_object();
    }
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void register_endpoints::dead_events(std::shared_ptr<call> asked) {
    constexpr std::size_t page = 100;
    const auto* to = subscription_of(site_, *asked);
    if (to == nullptr) return asked->send(fail(errc::not_found, "there is no such subscription"));
    const auto after = asked->query_parameter("cursor").value_or("");
    const auto rows = site_.durable().kept(runtime::dead_event_rows, to->name + '/', after, page + 1);
    if (!rows) return asked->send(rows.error());
    json::writer out;
    out.begin_object().key("dead").begin_array();
    for (std::size_t i = 0; i < rows->size() && i < page; ++i) {
        const auto event = runtime::event_from((*rows)[i]);
        if (!event) continue;
        out.begin_object().member("id", (*rows)[i].id).member("webhook_id", event->id).member("type", event->type);
        out.member("at", to_rfc3339(event->at)).member("attempts", event->attempts).member_if("reason", event->reason);
        out.key("event").raw(event->body).end_object();
    }
    out.end_array().key("next");
    if (rows->size() > page)
        out.value((*rows)[page - 1].id);
    else
        out.null();
    asked->send(http::response::json(200, out.end_object().take()));
}

void register_endpoints::replay_events(std::shared_ptr<call> asked) {
    const auto* to = subscription_of(site_, *asked);
    if (to == nullptr) return asked->send(fail(errc::not_found, "there is no such subscription"));
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto id = body->text("id").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto submit = [this](runtime::input given) { return site_.submit(std::move(given)); };
    const auto begun = runtime::replay_dead_events(site_.durable(), submit, to->name, id, site_.now().now(),
                                                   [asked](const result<std::size_t>& count) {
                                                       if (!count) return asked->send(count.error());
                                                       json::writer out;
                                                       out.begin_object().member("replayed", *count).end_object();
                                                       asked->send(http::response::json(200, out.take()));
                                                   });
    if (!begun) return asked->send(begun.error());
}

}  // namespace kindred::api
