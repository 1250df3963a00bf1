#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <cstdlib>

namespace kindred::testing {

/// What holds for every record, whatever bytes it was made of: it can be told apart from others, and its JSON can be
/// read again. Ends the program where it does not, which is how a fuzzer is told.
inline void must_be_whole(const channel::record& made) {
    if (made.event_id.empty() || made.event_id.size() > 1000) std::abort();
    for (const auto& each : made.identities)
        if (each.text.find(':') + 1 >= each.text.size()) std::abort();
    if (!json::document::parse(to_json(made))) std::abort();
    if (!json::document::parse(to_stored_json(made))) std::abort();
}

}  // namespace kindred::testing
