#include "engine/api/sign_in.hpp"

#include "engine/api/password.hpp"
#include "engine/api/status.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

namespace kindred::api {
namespace {

constexpr duration idle_for = std::chrono::hours{8};
constexpr duration lives_for = std::chrono::hours{24};
constexpr duration noted_every = std::chrono::minutes{5};
constexpr duration failures_count_for = std::chrono::minutes{15};
constexpr int most_failures = 10;

http::response too_many_failures() {
    const auto refused = problem(errc::forbidden, "too many failed logins: wait a quarter of an hour");
    return http::response(429, refused.body(), refused.content_type()).header("Retry-After", "900");
}

error wrong_login() { return fail(errc::unauthorized, "the login or the password is wrong"); }

std::optional<std::string> cookie_of(const call& asked) {
    std::optional<std::string> found;
    for (const auto part : split(asked.header("cookie"), ';')) {
        const auto pair = trim(part);
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) != session_cookie || equals == std::string_view::npos) continue;
        if (found) return std::nullopt;  // two cookies of one name: somebody tampers
        found = std::string(pair.substr(equals + 1));
    }
    return found;
}

std::string person_json(const runtime::person& someone, runtime::permission_set may) {
    json::writer out;
    out.begin_object().key("agent").begin_object().member("id", to_string(someone.id)).member("login", someone.login);
    out.member("name", someone.name).member("role", someone.role);
    runtime::write_permissions(out, may);
    return out.end_object().take();
}

}  // namespace

bool login_limit::blocked(const std::string& account, const std::string& peer, time_point now) {
    const std::lock_guard hold(mutex_);
    forget_old(now);
    const auto found = by_account_.find(account + '\0' + peer);
    return found != by_account_.end() && found->second.count >= most_failures;
}

void login_limit::failed(const std::string& account, const std::string& peer, time_point now) {
    const std::lock_guard hold(mutex_);
    auto& counted = by_account_[account + '\0' + peer];
    if (counted.count++ == 0) counted.first = now;
}

void login_limit::succeeded(const std::string& account, const std::string& peer) {
    const std::lock_guard hold(mutex_);
    by_account_.erase(account + '\0' + peer);
}

void login_limit::forget_old(time_point now) {
    std::erase_if(by_account_, [&](const auto& each) { return each.second.first + failures_count_for < now; });
}

sign_in::sign_in(runtime::site& site, std::vector<configured_token> tokens, std::string public_url)
    : site_(site),
      tokens_(
          site.durable(), [&site] { return site.people(); }, std::move(tokens)),
      public_url_(std::move(public_url)) {}

bool sign_in::same_origin(const call& asked) const {
    const auto fetch_site = asked.header("sec-fetch-site");
    if (!fetch_site.empty() && fetch_site != "same-origin" && fetch_site != "none") return false;
    const auto origin = asked.header("origin");
    if (origin.empty()) return fetch_site == "same-origin" || fetch_site == "none";
    const auto host = std::string(asked.header("host"));
    return origin == "http://" + host || origin == "https://" + host || origin == public_url_;
}

result<caller> sign_in::by_session(std::string_view token, bool cookie) {
    const auto hash = hash_of_secret(token);
    auto found = site_.durable().session(hash);
    if (!found) return found.error();
    const auto now = site_.now().now();
    const bool live = *found && (*found)->expires_at > now && (*found)->used_at + idle_for > now;
    if (!live) return fail(errc::unauthorized, "the session has ended: log in again");
    auto session = **found;
    const auto people = site_.people();
    const auto* someone = people->find(session.agent);
    if (someone == nullptr) return fail(errc::unauthorized, "the account is gone");
    if (session.used_at + noted_every < now) {
        session.used_at = now;
        if (auto noted = note_use(session); !noted) return noted.error();
    }
    return caller{people->may(*someone), someone->role, someone->id, someone->login, cookie, hash};
}

result<void> sign_in::note_use(const store::session_row& session) {
    const std::lock_guard hold(ending_);
    const auto still = site_.durable().session(session.hash);
    if (!still) return still.error();
    if (!*still) return fail(errc::unauthorized, "the session has ended: log in again");
    return site_.durable().put_session(session);
}

result<void> sign_in::end_sessions(agent_id whose) {
    const std::lock_guard hold(ending_);
    return site_.durable().drop_sessions({}, whose);
}

result<void> sign_in::end_session(const std::string& hash) {
    const std::lock_guard hold(ending_);
    return site_.durable().drop_sessions(hash, {});
}

result<caller> sign_in::identify(const call& asked) {
    constexpr std::string_view scheme = "Bearer ";
    const auto authorization = asked.header("authorization");
    if (authorization.starts_with(scheme)) {
        const auto token = authorization.substr(scheme.size());
        auto known = tokens_.find(token);
        if (!known) return known.error();
        return *known ? result<caller>(std::move(**known)) : by_session(token, false);
    }
    const auto cookie = cookie_of(asked);
    if (!cookie) return fail(errc::unauthorized, "log in, or send an API token");
    const bool changes = asked.method != "GET" && asked.method != "HEAD";
    if (changes && !same_origin(asked))
        return fail(errc::forbidden, "this request did not come from Kindred's own page");
    return by_session(*cookie, true);
}

void sign_in::log_in(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto login = body->text("login").value_or("");
    const auto password = body->text("password").value_or("");
    const bool bearer = body->yes_no("bearer").value_or(false);
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (login.empty()) return asked->send(fail(errc::invalid, "login: is missing"));
    if (password.empty() || password.size() > longest_password)
        return asked->send(fail(errc::invalid, "password: is missing or too long"));
    if (limit_.blocked(login, asked->peer, site_.now().now())) return asked->send(too_many_failures());
    on_hashing_thread(asked,
                      [this, asked, login, password, bearer] { check_password(*asked, login, password, bearer); });
}

void sign_in::on_hashing_thread(const std::shared_ptr<call>& asked, std::function<void()> work) {
    if (hashing_.try_post(std::move(work))) return;
    asked->send(
        http::response(429, problem(errc::overloaded, "too many passwords at once").body(), "application/problem+json")
            .header("Retry-After", "1"));
}

std::optional<http::response> sign_in::refusal_of(const runtime::person& someone, const std::string& password,
                                                  const std::string& peer) {
    if (limit_.blocked(someone.login, peer, site_.now().now())) return too_many_failures();
    if (!password_matches(someone.password_hash, password)) {
        limit_.failed(someone.login, peer, site_.now().now());
        return problem(errc::forbidden, "current: is not the password of now");
    }
    limit_.succeeded(someone.login, peer);
    return std::nullopt;
}

std::string sign_in::open_session(agent_id agent) {
    auto token = random_token();
    const auto now = site_.now().now();
    const auto stored = site_.durable().put_session({hash_of_secret(token), agent, now, now, now + lives_for});
    return stored ? token : std::string();
}

void sign_in::check_password(call& asked, const std::string& login, const std::string& password, bool bearer) {
    const auto people = site_.people();
    const auto* someone = people->find(login);
    const bool may_log_in = someone != nullptr && !someone->password_hash.empty();
    if (!may_log_in) waste_a_check(password);
    if (!may_log_in || !password_matches(someone->password_hash, password)) {
        limit_.failed(login, asked.peer, site_.now().now());
        return asked.send(wrong_login());
    }
    limit_.succeeded(login, asked.peer);
    const auto token = open_session(someone->id);
    if (token.empty()) return asked.send(fail(errc::unavailable, "the session could not be stored: try again"));
    // Who changed the password meanwhile has ended the sessions before this one was there.
    const auto people_now = site_.people();
    const auto* still = people_now->find(someone->id);
    if (still == nullptr || still->password_hash != someone->password_hash) {
        (void)end_session(hash_of_secret(token));
        return asked.send(wrong_login());
    }
    auto body = person_json(*still, people_now->may(*still));
    body += bearer ? ",\"token\":" + json::literal(token) + "}" : "}";
    auto answer = http::response::json(200, std::move(body));
    if (!bearer)
        answer.header("Set-Cookie", std::string(session_cookie) + "=" + token +
                                        "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=86400");
    answer.header("Cache-Control", "no-store");
    asked.send(std::move(answer));
}

void sign_in::log_out(const call& asked) {
    if (!asked.who.session.empty())
        if (auto ended = end_session(asked.who.session); !ended) return asked.send(ended.error());
    site_.desks().close(asked.who.agent, http::close_code::policy, "logged out");
    auto answer = http::response::json(200, "{}");
    answer.header("Set-Cookie",
                  std::string(session_cookie) + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    asked.send(std::move(answer));
}

}  // namespace kindred::api
