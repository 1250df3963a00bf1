#pragma once
#include "engine/channel/connector.hpp"

#include <string>
#include <string_view>

/// What connectors build their checkups from.
namespace kindred::channel {

/// A question that can be asked by this call; `name_at` is where its answer names the account, empty: nowhere.
checkup can_ask(std::string asks, provider_call call, std::string name_at = {});

/// A question that cannot be asked, and why.
checkup cannot_ask(std::string asks, std::string why);

/// GET of an absolute address with `Authorization: Bearer`.
provider_call bearer_get(std::string url, std::string_view token);

/// The text or number at a path such as "data.username" in a JSON object; empty when there is none.
std::string text_at(std::string_view body, std::string_view path);

}  // namespace kindred::channel
