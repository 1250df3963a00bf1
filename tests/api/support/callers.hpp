#pragma once
#include "engine/api/call.hpp"

#include <string>
#include <string_view>

namespace kindred::api {

/// Somebody with a built-in role; `agent` 0: a token.
inline caller caller_with(std::string_view role, agent_id agent, const std::string& name) {
    return {runtime::built_in_role(role)->may, std::string(role), agent, name, false, {}};
}

}  // namespace kindred::api
