#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>

namespace kindred::connectors::sendgrid {

/// The record of a mail that Inbound Parse hands over as multipart/form-data, whole (field `email`) or in parts, whose
/// texts are each in a charset of their own. errc::invalid, errc::too_large: the form or the mail cannot be read.
/// Source: twilio.com/docs/sendgrid, "Inbound Email Parse Webhook".
result<channel::record> parse_mail(std::string_view body, std::string_view boundary, const mime::mailbox& ours);

}  // namespace kindred::connectors::sendgrid
