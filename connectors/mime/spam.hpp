#pragma once
#include "connectors/mime/header_fields.hpp"
#include "engine/channel/options.hpp"
#include "engine/channel/record.hpp"

namespace kindred::connectors::mime {

/// Whether the server that took the mail in calls it spam or infected: X-Spam-Flag, X-Spam-Status and X-Virus-Status
/// (SpamAssassin, amavis), X-Spam (rspamd), X-Mailgun-Sflag. A sender who writes such a header speaks against himself.
bool says_spam(const header_fields& headers);

/// Reads `spam: keep | ignore`; kept unless said.
bool ignores_spam(channel::options& settings);

/// Notes on a mail that its provider calls it spam. With `ignored` it becomes none of ours, but for what goes on with a
/// ticket by our own signature: that has been asked for.
void mark_spam(channel::record& made, bool ignored);

}  // namespace kindred::connectors::mime
