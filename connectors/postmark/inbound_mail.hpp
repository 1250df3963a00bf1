#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

namespace kindred::connectors::postmark {

/// The record of an inbound mail. RawEmail, where the server sends it, is the mail itself: the lists beside it repeat
/// parts of it and are not read twice.
result<channel::record> parse_mail(json::value delivered, const mime::mailbox& ours);

}  // namespace kindred::connectors::postmark
