#include "engine/app/admin_call.hpp"

#include "engine/app/config.hpp"
#include "engine/base/json.hpp"
#include "engine/http/client.hpp"

#include <ostream>

namespace kindred::app {
namespace {

std::string token_of(const config& settings, std::string_view wanted) {
    for (const auto& each : settings.tokens)
        if (each.role == wanted && !each.secrets.empty()) return each.secrets.front();
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
                                             std::ostream& err, bool api_will_do) {
    auto read = read_config(config_file, config_use::serve);
    for (const auto& each : read.problems) err << settings::to_text(each) << '\n';
    if (!read.read) return std::nullopt;
    admin_access made;
    made.token_ = token.empty() ? token_of(*read.read, runtime::built_in::admin) : token;
    if (made.token_.empty() && api_will_do) made.token_ = token_of(*read.read, runtime::built_in::api);
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
    http::client_settings settings;
    settings.threads = 1;
    if (read.read->tls) settings.ca_file = made.go_by_the_certificate(*read.read);
    settings.trusted_hosts = {made.host_};
    made.calls_ = std::make_shared<http::client>(settings);
    return made;
}

/// The engine's certificate is for its public name, which may lead to a balancer: it is called by that name, at its own
/// address, and this very certificate is believed.
std::string admin_access::go_by_the_certificate(const config& settings) {
    connect_to_ = base_.substr(base_.find("://") + 3);
    base_ = settings.public_url;
    host_ = base_.substr(base_.find("://") + 3);
    host_ = host_.substr(0, host_.find_first_of(":/"));
    return settings.tls->certificate.string();
}

std::future<result<std::string>> admin_access::begin(const std::string& method, const std::string& path,
                                                     std::string body, const std::string& content_type,
                                                     std::chrono::milliseconds within) const {
    http::http_call asked;
    asked.method = method;
    asked.url = base_ + path;
    asked.connect_to = connect_to_;
    asked.within = within;
    asked.headers = {{"Authorization", "Bearer " + token_}};
    if (method == "POST" || method == "PUT") {
        asked.headers.emplace_back("Content-Type", content_type);
        asked.body = std::move(body);
    }
    const auto promise = std::make_shared<std::promise<result<std::string>>>();
    auto promised = promise->get_future();
    const bool taken = calls_->submit(std::move(asked), [promise](const result<http::client_response>& got) {
        if (!got)
            promise->set_value(got.error());
        else if (got->status == 503)
            promise->set_value(fail(errc::overloaded, problem_in(*got)));
        else if (got->status < 200 || got->status > 299)
            promise->set_value(fail(errc::conflict, problem_in(*got)));
        else
            promise->set_value(got->body);
    });
    if (!taken) promise->set_value(fail(errc::unavailable, "the call cannot be made"));
    return promised;
}

result<std::string> admin_access::call(const std::string& method, const std::string& path,
                                       const std::string& body) const {
    return begin(method, path, body, "application/json", std::chrono::seconds{15}).get();
}

std::future<result<std::string>> admin_access::post(const std::string& path, std::string body,
                                                    const std::string& content_type,
                                                    std::chrono::milliseconds within) const {
    return begin("POST", path, std::move(body), content_type, within);
}

}  // namespace kindred::app
