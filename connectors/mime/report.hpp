#pragma once
#include "connectors/mime/mime.hpp"

#include <string_view>

namespace kindred::connectors::mime {

/// Adds the recipients of one message/delivery-status part (RFC 3464 section 2): blocks of fields, empty lines between.
void read_delivery_status(std::string_view content, message& into);

/// The Message-ID in a block of headers, as a report returns them; "" when there is none.
std::string message_id_in_headers(std::string_view headers);

/// Recognises a bounce that is written as plain text only (qmail, Exim, old Exchange): who sent it, what the subject
/// and the first lines say. Fills `bounced`, `results` and `returned_message_id`.
void read_plain_bounce(std::string_view failed_recipients_header, message& into);

}  // namespace kindred::connectors::mime
