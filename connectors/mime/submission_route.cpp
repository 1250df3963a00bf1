#include "connectors/mime/submission_route.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"

#include <string_view>

namespace kindred::connectors::mime {
namespace {

/// A server on this machine may be spoken to in the open: nobody else hears it.
bool is_on_this_machine(std::string_view url) {
    const auto start = url.find("://");
    if (start == std::string_view::npos) return false;
    auto host = url.substr(start + 3);
    host = host.substr(0, host.find('/'));
    if (host.starts_with('[')) return host.substr(0, host.find(']')) == "[::1";
    host = host.substr(0, host.rfind(':'));
    return host == "localhost" || host.starts_with("127.");
}

void read_proof(channel::options& given, submission_route& into) {
    into.user = given.text("smtp_user");
    const auto password = given.secrets("smtp_password");
    if (!password.empty()) into.password = password.front();
    into.security.token_file = given.text("smtp_token_file");
    if (!into.password.empty() && !into.security.token_file.empty())
        given.complain("smtp_token_file", "stands beside smtp_password: the log-in is by one of them");
    const bool proof = !into.password.empty() || !into.security.token_file.empty();
    const auto* const of = into.password.empty() ? "smtp_token_file" : "smtp_password";
    if (proof && into.user.empty())
        given.complain("smtp_user", std::string("is missing: ") + of + " is of no use without it");
    if (!proof && !into.user.empty())
        given.complain("smtp_password", "is missing: smtp_user needs this or smtp_token_file");
}

void read_security(channel::options& given, submission_route& into) {
    const bool at_once = into.url.starts_with("smtps://");
    const bool near = is_on_this_machine(into.url);
    into.security.ca_file = given.text("smtp_ca_file");
    const auto wanted = given.text("smtp_tls", near && into.security.ca_file.empty() ? "never" : "required");
    if (wanted != "required" && wanted != "never")
        given.complain("smtp_tls", "wants required or never, not \"" + wanted + "\"");
    into.security.tls_required = at_once || wanted == "required";
    if (into.security.tls_required || given.text("smtp_tls").empty()) return;
    if (!into.user.empty() && !near)
        given.complain("smtp_tls",
                       "never would say smtp_user and its secret in the open: only a server on this machine "
                       "may hear them so");
    if (!into.security.ca_file.empty()) given.complain("smtp_ca_file", "is of no use with smtp_tls: never");
}

}  // namespace

channel::provider_call submission_route::call() const {
    channel::provider_call made;
    made.via = channel::transport::smtp;
    made.url = url;
    made.user = user;
    made.password = password;
    made.security = security;
    return made;
}

channel::checkup submission_route::checkup() const {
    if (url.empty()) return channel::cannot_ask("SMTP log-in", "it receives, and cannot send: set smtp_url");
    return channel::can_ask("SMTP log-in", call());
}

submission_route read_submission(channel::options& given) {
    submission_route read;
    read.url = given.address("smtp_url", {});
    if (!read.url.empty() && !read.url.starts_with("smtp://") && !read.url.starts_with("smtps://"))
        given.complain("smtp_url", "wants smtp://host:port or smtps://host:port, not \"" + read.url + "\"");
    read_proof(given, read);
    read_security(given, read);
    return read;
}

}  // namespace kindred::connectors::mime
