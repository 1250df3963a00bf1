#include "engine/app/config_mailbox.hpp"

#include "engine/base/id.hpp"

namespace kindred::app {
namespace {

/// A server on this machine may be spoken to in the open: nobody else hears it.
bool is_local(const std::string& host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

void read_address(std::string url, mail::mailbox_settings& into) {
    into.tls_at_once = url.starts_with("imaps://");
    url = url.substr(url.find("://") + 3);
    while (url.ends_with('/')) url.pop_back();
    const auto colon = url.rfind(':');
    const auto bracket = url.rfind(']');
    const bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    const auto port = has_port ? parse_number(url.substr(colon + 1)) : std::nullopt;
    into.port = static_cast<std::uint16_t>(port && *port > 0 && *port < 65'536 ? *port : into.tls_at_once ? 993 : 143);
    into.host = has_port ? url.substr(0, colon) : url;
    if (into.host.starts_with('[') && into.host.ends_with(']')) into.host = into.host.substr(1, into.host.size() - 2);
}

}  // namespace

mailbox mailbox_of(channel::options& settings) {
    mailbox made;
    made.channel = settings.channel();
    auto& into = made.settings;
    read_address(settings.text("imap_url"), into);
    into.ca_file = settings.text("imap_ca_file");
    into.plain_text = !into.tls_at_once && is_local(into.host) && into.ca_file.empty();
    into.user = settings.text("imap_user");
    if (const auto password = settings.secrets("imap_password"); !password.empty()) into.password = password.front();
    into.token_file = settings.text("imap_token_file");
    into.folder = settings.text("imap_folder", "INBOX");
    into.poll_every =
        std::chrono::duration_cast<std::chrono::milliseconds>(settings.span("poll", std::chrono::minutes{1}));
    into.max_message_bytes =
        static_cast<std::size_t>(settings.number("max_message_bytes", 25LL << 20, 64LL << 10, 200LL << 20));
    return made;
}

}  // namespace kindred::app
