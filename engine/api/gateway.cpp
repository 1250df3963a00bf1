#include "engine/api/gateway.hpp"

#include "engine/api/chat_socket.hpp"
#include "engine/api/desk_socket.hpp"
#include "engine/api/front.hpp"
#include "engine/api/status.hpp"
#include "engine/base/log.hpp"

namespace kindred::api {
namespace {

constexpr std::string_view chat_path = "/chat/";
constexpr std::string_view crm_path = "/crm/";

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
    return most_body(site_.channels(), head);
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
    answer.send(desk_page(files_, asked));
}

void gateway::health(const http::request& asked, const http::responder& answer) {
    if (asked.path == "/livez") return answer.send(http::response(200, "ok\n"));
    answer.send(is_ready() ? http::response(200, "ready\n")
                           : http::response(503, "not ready\n").header("Retry-After", "1"));
}

bool gateway::on_blocking_thread(const http::responder& answer, std::function<void()> work) {
    if (site_.blocking().try_post(std::move(work))) return true;
    answer.send(problem(errc::overloaded, "too many requests at once: try again"));
    return false;
}

void gateway::chat(const http::request& asked, const http::responder& answer) {
    if (asked.path.ends_with(".js")) return answer.send(chat_script(files_, site_.channels(), asked));
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

void admin_gateway::handle(const http::request& asked, http::responder answer) {
    if (asked.method != "GET" && asked.method != "HEAD") return answer.send(http::response(405).header("Allow", "GET"));
    if (asked.path == "/metrics")
        return answer.send(http::response(200, figures_(), "text/plain; version=0.0.4; charset=utf-8"));
    if (asked.path == "/livez") return answer.send(http::response(200, "ok\n"));
    if (asked.path == "/readyz")
        return answer.send(is_ready_() ? http::response(200, "ready\n") : http::response(503, "not ready\n"));
    answer.send(problem(errc::not_found, "there is nothing at this path"));
}

void http_metrics::answered(unsigned status, std::chrono::nanoseconds) { figures_.http_answered(status); }

void http_metrics::refused(http::refusal reason) { figures_.http_refused(http::name_of(reason)); }

}  // namespace kindred::api
