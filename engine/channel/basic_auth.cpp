#include "engine/channel/basic_auth.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"

namespace kindred::channel {
namespace {

reception challenge(std::string reason) {
    auto made = reception::refuse(401, std::move(reason));
    made.reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"webhooks\", charset=\"UTF-8\"");
    return made;
}

}  // namespace

std::optional<reception> refuse_unless_basic_auth(const request& arrived, const std::vector<std::string>& credentials) {
    constexpr std::string_view scheme = "basic ";
    if (credentials.empty()) return reception::refuse(403, "not_configured");
    const auto given = arrived.single_header("authorization");
    if (!given || !equal_ignoring_case(given->substr(0, scheme.size()), scheme)) return challenge("missing_signature");
    const auto decoded = from_base64(trim(given->substr(scheme.size())));
    if (!decoded || !is_one_of(credentials, *decoded)) return challenge("wrong_signature");
    return std::nullopt;
}

}  // namespace kindred::channel
