#include "connectors/api/reply.hpp"

#include "engine/channel/standard_webhook.hpp"

namespace kindred::connectors::api {

result<channel::provider_call> reply_call(const callback& to, const channel::outgoing& message) {
    if (to.url.empty()) return fail(errc::invalid, "answers to this channel go nowhere: set callback_url");
    std::vector<std::string> keys;
    for (const auto& written : to.secrets) {
        auto key = channel::standard_webhook_secret(written);
        if (!key) return fail(errc::invalid, "callback_secret: wants whsec_ and base64");
        keys.push_back(std::move(*key));
    }
    return channel::standard_webhook_reply(to.url, keys, message);
}

}  // namespace kindred::connectors::api
