#include "engine/mail/mailbox_address.hpp"

#include "engine/base/id.hpp"

namespace kindred::mail {
namespace {

/// A server on this machine may be spoken to in the open: nobody else hears it.
bool is_local(const std::string& host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

}  // namespace

void read_mailbox_address(std::string url, mailbox_settings& into) {
    into.tls_at_once = url.starts_with("imaps://");
    const auto scheme = url.find("://");
    url = scheme == std::string::npos ? url : url.substr(scheme + 3);
    while (url.ends_with('/')) url.pop_back();
    const auto colon = url.rfind(':');
    const auto bracket = url.rfind(']');
    const bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    const auto port = has_port ? parse_number(url.substr(colon + 1)) : std::nullopt;
    into.port = static_cast<std::uint16_t>(port && *port > 0 && *port < 65'536 ? *port : into.tls_at_once ? 993 : 143);
    into.host = has_port ? url.substr(0, colon) : url;
    if (into.host.starts_with('[') && into.host.ends_with(']')) into.host = into.host.substr(1, into.host.size() - 2);
    into.plain_text = !into.tls_at_once && is_local(into.host) && into.ca_file.empty();
}

}  // namespace kindred::mail
