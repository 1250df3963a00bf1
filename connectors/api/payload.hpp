#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>

namespace kindred::connectors::api {

/// The record of a contact as rule tests, `--contact` and POST /api/v1/contacts write it:
/// {channel: {name, kind}, from, to, text, subject, language, intent, attachments, is_reply, attributes, received_at,
/// conversation, message_id}. `delivery_key` (the Idempotency-Key header, may be empty) names the delivery, else
/// message_id, else the body itself. errc::invalid names the field: wrong type, unknown name, nothing said at all.
result<channel::record> parse(std::string_view body, std::string_view delivery_key);

}  // namespace kindred::connectors::api
