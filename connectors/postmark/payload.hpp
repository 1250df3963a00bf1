#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>

namespace kindred::connectors::postmark {

/// The record of one delivery: a mail that arrived, or what became of one of ours (RecordType Bounce, SpamComplaint,
/// Delivery, Open, ...). errc::invalid names what cannot be understood, errc::too_large a limit.
/// Source: postmarkapp.com/developer/webhooks.
result<channel::record> parse(std::string_view body, const mime::mailbox& ours);

}  // namespace kindred::connectors::postmark
