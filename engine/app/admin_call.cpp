#include "engine/app/admin_call.hpp"

#include "engine/app/config.hpp"
#include "engine/base/json.hpp"
#include "engine/http/client.hpp"

#include <future>
#include <ostream>

namespace kindred::app {
namespace {

std::string token_of(const config& settings) {
    for (const auto& each : settings.tokens)
        if (each.may == runtime::role::admin && !each.secrets.empty()) return each.secrets.front();
    return {};
}

std::string problem_in(const http::client_response& answered) {
    const auto parsed = json::document::parse(answered.body);
    auto detail = parsed ? std::string((*parsed)["detail"].text()) : std::string();
    if (!detail.empty()) return detail;
    return parsed && answered.status == 409 ? answered.body : "the engine answered " + std::to_string(answered.status);
}

}  // namespace

void add_engine_options(const command& made, std::string& config, std::string& token) {
    made.option("--config", config, "The configuration of the running engine").required();
    made.option("--token", token, "Of an admin; else the configuration's");
}

std::optional<admin_access> admin_access::of(const std::string& config_file, const std::string& token,
                                             std::ostream& err) {
    auto read = read_config(config_file, config_use::serve);
    for (const auto& each : read.problems) err << settings::to_text(each) << '\n';
    if (!read.read) return std::nullopt;
    admin_access made;
    made.token_ = token.empty() ? token_of(*read.read) : token;
    if (made.token_.empty()) {
        err << "error: no token: give --token, or a token with role: admin in the configuration\n";
        return std::nullopt;
    }
    const auto& listen = read.read->listen;
    // Who listens everywhere is reached here.
    made.host_ = listen.host == "0.0.0.0" || listen.host == "::" ? "127.0.0.1" : listen.host;
    const bool v6 = made.host_.find(':') != std::string::npos;
    if (v6) made.host_ = '[' + made.host_ + ']';
    made.base_ = "http://" + made.host_ + ':' + std::to_string(listen.port);
    return made;
}

result<std::string> admin_access::call(const std::string& method, const std::string& path,
                                       const std::string& body) const {
    http::client_settings settings;
    settings.threads = 1;
    settings.trusted_hosts = {host_};
    http::client calls(settings);
    http::http_call asked;
    asked.method = method;
    asked.url = base_ + path;
    asked.headers = {{"Authorization", "Bearer " + token_}};
    if (method == "POST" || method == "PUT") {
        asked.headers.emplace_back("Content-Type", "application/json");
        asked.body = body;
    }
    std::promise<result<http::client_response>> promise;
    auto promised = promise.get_future();
    if (!calls.submit(std::move(asked), [&](result<http::client_response> got) { promise.set_value(std::move(got)); }))
        return fail(errc::unavailable, "the call cannot be made");
    const auto answered = promised.get();
    if (!answered) return answered.error();
    if (answered->status < 200 || answered->status > 299) return fail(errc::conflict, problem_in(*answered));
    return answered->body;
}

}  // namespace kindred::app
