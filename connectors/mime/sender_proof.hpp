#pragma once
#include "connectors/mime/mime.hpp"

#include <string_view>

namespace kindred::connectors::mime {

/// Whether `server` says that DMARC passed for the domain in From (RFC 8601). Only its topmost header counts, and only
/// while nobody else's stands above: what lies below may have come with the message.
bool sender_is_authenticated(const message& mail, std::string_view server);

}  // namespace kindred::connectors::mime
