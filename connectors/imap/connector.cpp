#include "connectors/imap/connector.hpp"

#include "connectors/mime/mail_connector.hpp"

namespace kindred::connectors::imap {
namespace {

/// Reading the folder belongs to engine/app, which reads these settings too; what is wrong with them is said here.
void check_mailbox(channel::options& settings) {
    const auto url = settings.text("imap_url");
    if (!url.starts_with("imap://") && !url.starts_with("imaps://"))
        settings.complain("imap_url", url.empty() ? "is missing: wants imaps://host:port"
                                                  : "wants imaps://host:port or imap://host:port, not \"" + url + "\"");
    if (settings.required("imap_user").empty()) return;
    const bool password = !settings.secrets("imap_password").empty();
    const bool token = !settings.text("imap_token_file").empty();
    if (password == token) settings.complain("imap_password", "wants either this or imap_token_file");
    settings.text("imap_folder");
    settings.text("imap_ca_file");
    settings.span("poll", std::chrono::minutes{1});
}

/// The same log-in that reading the folder begins with.
channel::provider_call folder_of(channel::options& settings) {
    channel::provider_call call;
    call.via = channel::transport::imap;
    call.url = settings.text("imap_url");
    call.user = settings.text("imap_user");
    if (const auto password = settings.secrets("imap_password"); !password.empty()) call.password = password.front();
    call.security.token_file = settings.text("imap_token_file");
    call.security.ca_file = settings.text("imap_ca_file");
    call.body = settings.text("imap_folder", "INBOX");
    return call;
}

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    check_mailbox(settings);
    auto read = mime::read_mail_settings(settings);
    if (!settings.problems().empty()) return nullptr;
    read.folder = folder_of(settings);
    return mime::make_mail_connector(std::move(read));
}

}  // namespace kindred::connectors::imap
