#pragma once
#include "connectors/mime/mail_settings.hpp"
#include "engine/channel/connector.hpp"

#include <memory>

namespace kindred::connectors::mime {

/// The connector of a channel whose mails come whole, whichever way, and leave through a submission server.
std::unique_ptr<channel::connector> make_mail_connector(mail_settings settings);

}  // namespace kindred::connectors::mime
