#include "engine/app/config_mailbox.hpp"

#include "engine/mail/mailbox_address.hpp"

namespace kindred::app {
mailbox mailbox_of(channel::options& settings) {
    mailbox made;
    made.channel = settings.channel();
    auto& into = made.settings;
    into.ca_file = settings.text("imap_ca_file");
    mail::read_mailbox_address(settings.text("imap_url"), into);
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
