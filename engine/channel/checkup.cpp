#include "engine/channel/checkup.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <utility>

namespace kindred::channel {

checkup can_ask(std::string asks, provider_call call, std::string name_at) {
    return {std::move(asks), std::move(call), {}, std::move(name_at)};
}

checkup cannot_ask(std::string asks, std::string why) { return {std::move(asks), std::nullopt, std::move(why), {}}; }

provider_call bearer_get(std::string url, std::string_view token) {
    provider_call call;
    call.method = "GET";
    call.url = std::move(url);
    call.headers = {{"Authorization", "Bearer " + std::string(token)}};
    return call;
}

std::string text_at(std::string_view body, std::string_view path) {
    if (path.empty()) return {};
    const auto parsed = json::document::parse(body);
    if (!parsed) return {};
    auto found = parsed->root();
    for (const auto step : split(path, '.')) found = found[step];
    return found.text_or_number();
}

}  // namespace kindred::channel
