#include "connectors/email/connector.hpp"

#include "connectors/mime/mail_connector.hpp"

namespace kindred::connectors::email {

std::unique_ptr<channel::connector> make(channel::options& settings) {
    // The listener belongs to engine/app; its settings are checked there, and known here.
    settings.text("listen");
    const auto protocol = settings.text("protocol", "lmtp");
    if (protocol != "lmtp" && protocol != "smtp")
        settings.complain("protocol", "wants lmtp or smtp, not \"" + protocol + "\"");
    auto read = mime::read_mail_settings(settings);
    if (!settings.problems().empty()) return nullptr;
    return mime::make_mail_connector(std::move(read));
}

}  // namespace kindred::connectors::email
