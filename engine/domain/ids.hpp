#pragma once
#include "engine/base/id.hpp"

namespace kindred {

using customer_id = id<struct customer_tag>;
using ticket_id = id<struct ticket_tag>;
using agent_id = id<struct agent_tag>;
using offer_id = id<struct offer_tag>;
using outbox_id = id<struct outbox_tag>;

}  // namespace kindred
