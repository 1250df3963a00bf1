#pragma once
#include "engine/mail/imap_client.hpp"

#include <string>

namespace kindred::mail {

/// Sets host, port and kind of TLS from "imaps://host:port" or "imap://host:port", the port 993 or 143 where it is left
/// out. The CA file must be set before: without one, a server on this machine is spoken to in the open by imap://.
void read_mailbox_address(std::string url, mailbox_settings& into);

}  // namespace kindred::mail
