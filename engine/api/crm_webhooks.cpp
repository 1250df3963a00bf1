#include "engine/api/crm_webhooks.hpp"

#include "engine/api/submit.hpp"
#include "engine/channel/standard_webhook.hpp"
#include "engine/domain/named_identity.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

/// The reasons of channels, as problems.
error refusal(const channel::reception& refused) {
    if (refused.refused == "missing_signature") return fail(errc::unauthorized, "the webhook-* headers are missing");
    if (refused.refused == "stale") return fail(errc::forbidden, "webhook-timestamp: is too far from now");
    if (refused.refused == "malformed") return fail(errc::invalid, refused.reply.body);
    return fail(errc::forbidden, "none of the secrets made this signature");
}

/// Who it is about: `crm_id` is an identity of the space "external".
result<identity> whose(json::value data) {
    const auto crm_id = data["crm_id"].text_or_number();
    const auto named = data["identity"].text();
    if (crm_id.empty() == named.empty())
        return fail(errc::invalid, "data: wants one of crm_id and identity (such as email:ann@example.com)");
    return crm_id.empty() ? named_identity(named) : named_identity("external", crm_id);
}

}  // namespace

void crm_desk::take(std::shared_ptr<call> asked) {
    const auto hook = std::find_if(hooks_.begin(), hooks_.end(),
                                   [&](const auto& each) { return each.name == asked->parameters["name"]; });
    if (hook == hooks_.end()) return asked->send(fail(errc::not_found, "there is no CRM webhook of this name"));
    channel::request arrived;
    arrived.headers = &asked->headers;
    arrived.body = asked->body;
    const channel::standard_webhook_keys keys{hook->secrets, {}};
    if (const auto refused = channel::refuse_unless_standard_webhook(arrived, keys, hook->tolerance, site_.now().now()))
        return asked->send(refusal(*refused));
    const auto body = json::document::parse(asked->body);
    if (!body) return asked->send(body.error());
    const auto event = body->root()["type"].text();
    const auto data = body->root()["data"];
    if (event.empty()) return asked->send(fail(errc::invalid, "type: wants the name of an event of profile.yaml"));
    if (!data.is_object()) return asked->send(fail(errc::invalid, "data: wants an object"));
    const auto who = whose(data);
    if (!who) return asked->send(who.error());
    const auto row = site_.durable().customer_with(who->text);
    if (!row && row.error().code == errc::not_found)
        return asked->send(fail(errc::not_found, "nobody has " + who->text + ": import the customer first"));
    if (!row) return asked->send(row.error());
    runtime::customer_change wanted;
    wanted.customer = row->id;
    wanted.what = runtime::profile::event{std::string(event), data.to_text()};
    wanted.source = "crm:" + hook->name;
    wanted.idempotency_key = "webhook:" + std::string(arrived.single_header("webhook-id").value_or(""));
    wanted.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

}  // namespace kindred::api
