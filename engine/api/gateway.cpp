#include "engine/api/gateway.hpp"

#include "engine/api/chat_socket.hpp"
#include "engine/api/desk_socket.hpp"
#include "engine/api/status.hpp"
#include "engine/base/log.hpp"

namespace kindred::api {
namespace {

constexpr std::size_t json_limit = 1U << 20U;
constexpr std::size_t form_limit = 256U << 10U;  // of the pages for customers
constexpr std::size_t rules_limit = 16U << 20U;
constexpr std::size_t file_limit = 25U << 20U;
constexpr std::string_view chat_path = "/chat/";
constexpr std::string_view crm_path = "/crm/";
/// Nothing from anywhere else, nothing inline: a text of a customer that became markup could still do nothing.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types vue";

/// Whether a browser was sent to this address, and not a file asked for that is not there.
bool is_view_of_page(const http::request& asked) {
    const auto last = asked.path.substr(asked.path.find_last_of('/') + 1);
    return last.find('.') == std::string_view::npos &&
           asked.header("accept").find("text/html") != std::string_view::npos;
}

/// What customers open without logging in.
bool is_public_page(std::string_view path) {
    return faq_pages::is_about(path) || survey_pages::is_about(path) || answer_pages::is_about(path);
}

}  // namespace

gateway::gateway(runtime::site& site, runtime::ruleset_keeper& rules, std::vector<configured_token> tokens,
                 const std::string& public_url, http::static_files files, std::vector<crm_webhook> crm,
                 std::shared_ptr<runtime::crm_lookup> lookup)
    : site_(site),
      sign_in_(site, std::move(tokens), public_url),
      reception_(site, public_url, std::move(lookup)),
      tickets_(site),
      people_(site),
      customers_(site),
      notes_(site),
      data_(site),
      bulk_(site),
      joins_(site),
      crm_(site, std::move(crm)),
      faq_(site, articles_),
      surveys_(site),
      answers_(site),
      rules_(site, rules),
      work_(site),
      supervision_(site),
      registers_(site),
      attachments_(site),
      chat_files_(site),
      accounts_(site, sign_in_),
      tokens_(site, sign_in_.tokens()),
      roles_(site, sign_in_.tokens()),
      reports_(site),
      guidance_(site, articles_),
      papers_(site),
      channel_checks_(site),
      endpoints_(api_endpoints({tickets_, people_, customers_, notes_, rules_, work_, supervision_, registers_,
                                attachments_, accounts_, tokens_, roles_, data_, bulk_, joins_, reports_, guidance_,
                                papers_, channel_checks_})),
      files_(std::move(files)) {}

std::size_t gateway::body_limit(const http::request& head) {
    if (chat_files::is_about(head.path)) return chat_files_.body_limit(head);
    if (reception_desk::is_about(head.path)) return reception_.body_limit(head);
    if (head.path.starts_with("/api/v1/rules/")) return rules_limit;
    if (head.path == "/api/v1/attachments") return file_limit;
    if (head.path == "/api/v1/import/customers") return most_import_bytes;
    if (is_public_page(head.path)) return form_limit;
    if (head.path.starts_with("/api/") || head.path.starts_with(crm_path)) return json_limit;
    return 0;
}

void gateway::body_too_large(const http::request& head) noexcept {
    try {
        if (reception_desk::is_about(head.path)) reception_.too_large(head);
    } catch (const std::exception& bug) {
        log::error("counting a large body failed", {{"error", bug.what()}});
    }
}

void gateway::handle(const http::request& asked, http::responder answer) {
    if (asked.path.starts_with("/webhooks/")) {
        if (asked.method != "POST" && asked.method != "GET")
            return answer.send(http::response(405).header("Allow", "GET, POST"));
        return reception_.webhook(asked, answer);
    }
    if (asked.path == "/api/v1/contacts") return contact(asked, answer);
    if (asked.path.starts_with("/api/")) return api(asked, answer);
    if (asked.path.starts_with(crm_path)) return crm(asked, answer);
    if (is_public_page(asked.path)) return public_page(asked, answer);
    if (asked.path.starts_with("/files/")) return linked_file(asked, answer);
    if (asked.path.starts_with(chat_path)) return chat(asked, answer);
    if (asked.path == "/livez" || asked.path == "/readyz") return health(asked, answer);
    answer.send(page(asked));
}

http::response gateway::page(const http::request& asked) const {
    auto made = files_.answer(asked, asked.path.substr(asked.path.starts_with('/') ? 1 : 0));
    // An address within the desk, such as /tickets/17, names no file: the page reads it by itself.
    if (made.status() == 404 && is_view_of_page(asked)) made = files_.answer(asked, "");
    made.header("Content-Security-Policy", page_policy).header("Referrer-Policy", "no-referrer");
    made.header("Cross-Origin-Opener-Policy", "same-origin");
    return made;
}

void gateway::health(const http::request& asked, const http::responder& answer) {
    if (asked.path == "/livez") return answer.send(http::response(200, "ok\n"));
    const bool ready = ready_ && site_.accepting();
    answer.send(ready ? http::response(200, "ready\n") : http::response(503, "not ready\n").header("Retry-After", "1"));
}

bool gateway::on_blocking_thread(const http::responder& answer, std::function<void()> work) {
    if (site_.blocking().try_post(std::move(work))) return true;
    answer.send(problem(errc::overloaded, "too many requests at once: try again"));
    return false;
}

void gateway::chat(const http::request& asked, const http::responder& answer) {
    if (asked.path.ends_with(".js")) {
        const auto name = asked.path.substr(chat_path.size(), asked.path.size() - chat_path.size() - 3);
        const auto* via = site_.channels().find(std::string(name));
        if (via == nullptr || via->connector != "webchat")
            return answer.send(problem(errc::not_found, "there is no web chat of this name"));
        auto script = files_.answer(asked, "chat.js");
        script.header("Access-Control-Allow-Origin", "*");  // shops embed it from pages of their own
        return answer.send(std::move(script));
    }
    if (chat_files::is_about(asked.path)) {
        if (chat_files::answer_preflight(asked, answer)) return;
        auto about_file = std::make_shared<call>(asked, answer);
        on_blocking_thread(answer, [this, about_file] { chat_files_.handle(about_file); });
        return;
    }
    auto parameters = match("/chat/{channel}", asked.path);
    if (!parameters || !asked.wants_websocket())
        return answer.send(problem(errc::not_found, "a web chat is opened as a WebSocket"));
    auto opened = std::make_shared<call>(asked, answer);
    opened->parameters = std::move(*parameters);
    on_blocking_thread(answer, [this, opened] { open_chat(site_, reception_, opened); });
}

void gateway::contact(const http::request& asked, const http::responder& answer) {
    if (asked.method != "POST") return answer.send(http::response(405).header("Allow", "POST"));
    // Tokens are checked in memory: no look-up stands in the way of taking contacts in.
    const call head(asked, answer);
    const auto who = sign_in_.identify(head);
    if (!who) return answer.send(problem(who.error()));
    if (!who->may.has(runtime::permission::contacts_write))
        return answer.send(missing_permission(*who, runtime::permission::contacts_write));
    reception_.contact(asked, answer);
}

void gateway::crm(const http::request& asked, const http::responder& answer) {
    if (asked.method != "POST") return answer.send(http::response(405).header("Allow", "POST"));
    auto told = std::make_shared<call>(asked, answer);
    told->parameters["name"] = asked.path.substr(crm_path.size());
    on_blocking_thread(answer, [this, told] { crm_.take(told); });
}

void gateway::public_page(const http::request& asked, const http::responder& answer) {
    if (asked.method != "POST" && asked.method != "GET")
        return answer.send(http::response(405).header("Allow", "GET, POST"));
    auto made = std::make_shared<call>(asked, answer);
    on_blocking_thread(answer, [this, made] {
        if (survey_pages::is_about(made->path))
            surveys_.handle(made);
        else if (answer_pages::is_about(made->path))
            answers_.handle(made);
        else
            faq_.handle(made);
    });
}

void gateway::linked_file(const http::request& asked, const http::responder& answer) {
    auto parameters = match("/files/{id}", asked.path);
    if (!parameters || (asked.method != "GET" && asked.method != "HEAD"))
        return answer.send(problem(errc::not_found, "there is nothing at this path"));
    auto made = std::make_shared<call>(asked, answer);
    made->parameters = std::move(*parameters);
    on_blocking_thread(answer, [this, made] { attachments_.linked(made); });
}

void gateway::api(const http::request& asked, const http::responder& answer) {
    auto made = std::make_shared<call>(asked, answer);
    if (asked.path == "/api/v1/login" && asked.method == "POST") return sign_in_.log_in(made);
    if (asked.path == "/api/v1/desk" && asked.method == "GET") {
        if (!asked.wants_websocket()) return answer.send(problem(errc::invalid, "the desk is opened as a WebSocket"));
        on_blocking_thread(answer, [this, made] { desk(made); });
        return;
    }
    std::string allowed;
    const auto allow = [&](std::string_view method) { allowed.append(allowed.empty() ? "" : ", ").append(method); };
    if (asked.path == "/api/v1/login" || asked.path == "/api/v1/logout") allow("POST");
    if (asked.path == "/api/v1/desk") allow("GET");
    for (const auto& row : endpoints_) {
        auto parameters = match(row.path, asked.path);
        if (!parameters) continue;
        allow(row.method);
        if (row.method != asked.method) continue;
        made->parameters = std::move(*parameters);
        on_blocking_thread(answer, [this, &row, made] { run_endpoint(row, made); });
        return;
    }
    if (asked.path == "/api/v1/logout" && asked.method == "POST") {
        on_blocking_thread(answer, [this, made] {
            auto who = sign_in_.identify(*made);
            if (!who) return made->send(who.error());
            made->who = std::move(*who);
            sign_in_.log_out(*made);
        });
        return;
    }
    if (!allowed.empty()) {
        json::writer out;
        out.begin_object()
            .member("type", "/problems/method")
            .member("title", http::reason_phrase(405))
            .member("status", 405);
        out.member("detail", "this path takes " + allowed).end_object();
        return answer.send(http::response(405, out.take(), "application/problem+json").header("Allow", allowed));
    }
    answer.send(problem(errc::not_found, "there is nothing at this path"));
}

void gateway::run_endpoint(const endpoint& row, std::shared_ptr<call> asked) {
    auto who = sign_in_.identify(*asked);
    if (!who) return asked->send(who.error());
    asked->who = std::move(*who);
    if (!row.needed.empty() && !row.needed.overlaps(asked->who.may)) return asked->send_missing(row.needed);
    row.answer(std::move(asked));
}

void gateway::desk(std::shared_ptr<call> asked) {
    auto who = sign_in_.identify(*asked);
    if (!who) return asked->send(who.error());
    if (!who->agent) return asked->send(fail(errc::forbidden, "API tokens have no desk"));
    // Browsers send cookies to a WebSocket from any page: the page must be ours (ASVS 5.0, 4.4.2).
    if (who->by_cookie && (asked->header("origin").empty() || !sign_in_.same_origin(*asked)))
        return asked->send(fail(errc::forbidden, "this page may not open a desk"));
    asked->who = std::move(*who);
    open_desk(site_, lookers_, asked);
}

std::string admin_gateway::figures() const {
    return more_figures_ ? site_.figures().text() + more_figures_() : site_.figures().text();
}

void admin_gateway::handle(const http::request& asked, http::responder answer) {
    if (asked.method != "GET" && asked.method != "HEAD") return answer.send(http::response(405).header("Allow", "GET"));
    if (asked.path == "/metrics")
        return answer.send(http::response(200, figures(), "text/plain; version=0.0.4; charset=utf-8"));
    if (asked.path == "/livez") return answer.send(http::response(200, "ok\n"));
    if (asked.path == "/readyz")
        return answer.send(site_.accepting() ? http::response(200, "ready\n") : http::response(503, "not ready\n"));
    answer.send(problem(errc::not_found, "there is nothing at this path"));
}

void http_metrics::answered(unsigned status, std::chrono::nanoseconds) { figures_.http_answered(status); }

void http_metrics::refused(http::refusal reason) { figures_.http_refused(http::name_of(reason)); }

}  // namespace kindred::api
