#pragma once
#include "connectors/mime/mail_settings.hpp"
#include "engine/channel/connector.hpp"

namespace kindred::connectors::mime {

/// The submission that carries a message: a mail in the customer's thread, with a signed reply address when there is a
/// secret. The same idempotency key gives the same Message-ID. An automatic one leaves with a null envelope sender
/// (RFC 3834 section 3.3). errc::invalid: no smtp_url, no usable address, text over 1 MiB.
result<channel::provider_call> reply_call(const mail_settings& settings, const channel::outgoing& message);

/// 2xx sent; 4xx, no reply and refused log-ins (RFC 4954) again later; other 5xx failed.
channel::delivery judge_submission(const channel::provider_answer& answered);

}  // namespace kindred::connectors::mime
