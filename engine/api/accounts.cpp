#include "engine/api/accounts.hpp"

#include "engine/api/new_person.hpp"
#include "engine/api/password.hpp"
#include "engine/api/people.hpp"
#include "engine/api/submit.hpp"
#include "engine/base/log.hpp"

namespace kindred::api {
namespace {

void write_account(json::writer& out, const runtime::person& someone) {
    out.begin_object().member("id", to_string(someone.id)).member("login", someone.login);
    out.member("name", someone.name).member("role", someone.role);
    out.member("has_password", !someone.password_hash.empty()).key("queues").begin_array();
    for (const auto& queue : someone.queues) out.value(queue);
    write_levels(out.end_array(), "skills", someone.skills);
    write_levels(out, "languages", someone.languages);
    out.member("capacity", someone.capacity).member_if("phone", someone.phone).end_object();
}

std::string agent_json(const runtime::person& someone) {
    json::writer out;
    write_account(out.begin_object().key("agent"), someone);
    return out.end_object().take();
}

}  // namespace

void account_endpoints::list(const std::shared_ptr<call>& asked) {
    const auto people = site_.people();
    json::writer out;
    out.begin_object().key("people").begin_array();
    for (const auto& someone : people->all()) write_account(out, someone);
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void account_endpoints::add(const std::shared_ptr<call>& asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto wanted = read_new_person(*body, site_.rules());
    if (!wanted) return asked->send(wanted.error());
    // The writer looks again: this spares the hashing.
    if (site_.people()->find(wanted->who.login) != nullptr)
        return asked->send(fail(errc::conflict, "login: " + wanted->who.login + " is taken"));
    if (wanted->password.empty()) return submit_new(asked, std::move(wanted->who));
    sign_in_.on_hashing_thread(asked, [this, asked, made = std::move(*wanted)] {
        auto who = made.who;
        who.password_hash = hash_password(made.password);
        submit_new(asked, std::move(who));
    });
}

void account_endpoints::submit_new(const std::shared_ptr<call>& asked, runtime::person who) {
    auto login = who.login;
    runtime::roster_change change{{std::move(who)}, {}, source_of(*asked), asked->who.may};
    change.done = [asked, &site = site_, login = std::move(login)](const result<std::string>& said) {
        if (!said) return asked->send(said.error());
        const auto people = site.people();
        const auto* made = people->find(login);
        if (made == nullptr) return asked->send(fail(errc::unknown, "the new account is not to be seen"));
        log::info("an account was made", {{"agent", to_string(made->id)}, {"by", asked->who.name}});
        asked->send(http::response::json(201, agent_json(*made)));
    };
    if (!site_.submit(std::move(change))) asked->send(not_taken());
}

void account_endpoints::set_password(const std::shared_ptr<call>& asked) {
    const auto named = asked->parameters["id"];
    const auto whose = named == "me" ? std::optional(asked->who.agent) : parse_id<agent_id>(named);
    const bool own = whose && *whose && *whose == asked->who.agent;
    // One's own takes nothing but the present one.
    if (!own && !asked->who.may.has(runtime::permission::people_manage))
        return asked->send_missing(runtime::permission::people_manage);
    const auto people = site_.people();
    const auto* someone = whose ? people->find(*whose) : nullptr;
    if (someone == nullptr) return asked->send(fail(errc::not_found, "there is no such agent"));
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto password = body->text("password").value_or("");
    const auto current = body->text("current");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (auto fine = check_new_password(password); !fine) return asked->send(fine.error());
    if (own && !current) return asked->send(fail(errc::invalid, "current: is missing: the password of now"));
    if (!own && current) return asked->send(fail(errc::invalid, "current: goes with one's own password alone"));
    sign_in_.on_hashing_thread(asked, [this, asked, who = *someone, password, current] {
        if (current)
            if (auto refused = sign_in_.refusal_of(who, *current, asked->peer)) return asked->send(std::move(*refused));
        submit_password(asked, who.id, hash_password(password));
    });
}

void account_endpoints::submit_password(const std::shared_ptr<call>& asked, agent_id whose, std::string hash) {
    runtime::person changed;
    changed.id = whose;
    changed.password_hash = std::move(hash);
    runtime::roster_change change{{std::move(changed)}, {}, source_of(*asked)};
    if (whose != asked->who.agent) change.giver = asked->who.may;
    change.done = [this, asked, whose](const result<std::string>& said) {
        if (!said) return asked->send(said.error());
        if (!site_.blocking().try_post([this, asked, whose] { end_sessions(*asked, whose); }))
            asked->send(fail(errc::overloaded, "the password is changed, but its sessions are not ended: try again"));
    };
    if (!site_.submit(std::move(change))) asked->send(not_taken());
}

void account_endpoints::end_sessions(const call& asked, agent_id whose) {
    // The new password is in force: a log-in that still checks the old one finds that out by itself.
    if (auto ended = sign_in_.end_sessions(whose); !ended) return asked.send(ended.error());
    site_.desks().close(whose, http::close_code::policy, "the password was changed");
    const auto people = site_.people();
    const auto* someone = people->find(whose);
    if (someone == nullptr) return asked.send(fail(errc::not_found, "there is no such agent"));
    log::info("a password was changed", {{"agent", to_string(whose)}, {"by", asked.who.name}});
    asked.send(http::response::json(200, agent_json(*someone)));
}

}  // namespace kindred::api
