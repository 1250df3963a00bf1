#pragma once
#include "engine/channel/connector.hpp"
#include "engine/http/client.hpp"

namespace kindred::runtime {

/// What a connector wants called, as the client takes it. How long it may take is the caller's to say.
http::http_call http_of(channel::provider_call wanted);
/// The same of a mail, or of the question whether one would be taken (transport::smtp).
http::smtp_call smtp_of(channel::provider_call wanted);

}  // namespace kindred::runtime
