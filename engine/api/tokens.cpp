#include "engine/api/tokens.hpp"

#include "engine/api/submit.hpp"
#include "engine/base/log.hpp"

namespace kindred::api {

void token_endpoints::note(const std::shared_ptr<call>& asked, std::string action, const std::string& name,
                           std::string_view role) {
    json::writer detail;
    detail.begin_object().member_if("role", role).end_object();
    runtime::register_change wanted{
        runtime::registers::audit_note{std::move(action), "token:" + name, detail.take()},
        [](const result<std::string>& said) {
            if (!said)
                log::error("what was done with a token is not on the audit log", {{"err", said.error().message}});
        },
        source_of(*asked)};
    if (!site_.submit(std::move(wanted))) log::error("what was done with a token is not on the audit log");
}

void token_endpoints::list(const std::shared_ptr<call>& asked) {
    const auto rows = tokens_.list();
    if (!rows) return asked->send(rows.error());
    json::writer out;
    out.begin_object().key("tokens").begin_array();
    for (const auto& row : *rows) {
        out.begin_object().member("name", row.name).member("role", row.role);
        out.member("created_at", to_rfc3339(row.created_at)).member("revoked", row.revoked).end_object();
    }
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void token_endpoints::give_out(const std::shared_ptr<call>& asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto name = body->text("name").value_or("");
    const auto role = body->text("role").value_or(std::string(runtime::built_in::api));
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    // What the role permits may grow later, by somebody who may do that as well.
    if (const auto gives = site_.people()->may(role); !asked->who.may.includes(gives))
        return asked->send(fail(errc::forbidden, "role: " + role + " permits what you may not do yourself: " +
                                                     gives.without(asked->who.may).text()));
    const auto now = site_.now().now();
    const auto secret = tokens_.give_out(name, role, now);
    if (!secret) return asked->send(secret.error());
    note(asked, "token.given_out", name, role);
    log::info("a token was given out", {{"token", name}, {"role", role}, {"by", asked->who.name}});
    json::writer out;
    out.begin_object().member("name", name).member("role", role);
    out.member("created_at", to_rfc3339(now)).member("secret", *secret).end_object();
    auto answer = http::response::json(201, out.take());
    answer.header("Cache-Control", "no-store");
    asked->send(std::move(answer));
}

void token_endpoints::revoke(const std::shared_ptr<call>& asked) {
    const auto name = asked->parameters["name"];
    // Who could take away what they may not give could shut out whoever may do more.
    const auto role = tokens_.role_of(name);
    if (!role) return asked->send(role.error());
    if (const auto gave = site_.people()->may(role->value_or("")); !asked->who.may.includes(gave))
        return asked->send(
            fail(errc::forbidden, "the token's role " + **role +
                                      " permits what you may not do yourself: " + gave.without(asked->who.may).text()));
    if (auto revoked = tokens_.revoke(name); !revoked) return asked->send(revoked.error());
    note(asked, "token.revoked", name, {});
    log::info("a token was revoked", {{"token", name}, {"by", asked->who.name}});
    json::writer out;
    out.begin_object().member("name", name).member("revoked", true).end_object();
    asked->send(http::response::json(200, out.take()));
}

}  // namespace kindred::api
