#include "connectors/webchat/identity_token.hpp"

#include "engine/channel/jwt.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>

namespace kindred::connectors::webchat {
namespace {

constexpr std::size_t longest_token = 4096;
/// A token is for one visit: a page that makes them for longer gives away who its reader is for as long.
constexpr std::chrono::hours longest_life{24};

/// What is proven replaces what the visitor claimed in the same words.
void add(channel::record& made, identity proven) {
    proven.proven = proof::proven;
    std::erase_if(made.identities, [&](const identity& each) { return each.text == proven.text; });
    made.identities.push_back(std::move(proven));
}

}  // namespace

result<void> read_identity(std::string_view token, const std::vector<std::string>& secrets, time_point now,
                           channel::record& made) {
    auto wrong = fail(errc::forbidden, "wrong_identity");
    if (secrets.empty() || token.empty() || token.size() > longest_token) return wrong;
    const auto claims = channel::verified_claims(token, secrets);
    if (!claims) return wrong;
    const auto whose = (*claims)["sub"].text_or_number();
    const auto expires = (*claims)["exp"].integer();
    if (whose.empty() || whose.size() > 200 || !expires) return wrong;
    const auto second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    if (*expires <= second) return fail(errc::forbidden, "identity_expired");
    if (*expires > second + std::chrono::seconds{longest_life}.count()) return wrong;
    add(made, provider_identity("external", whose));
    if (auto mail = email_identity((*claims)["email"].text(), proof::proven)) add(made, std::move(*mail));
    if (auto number = phone_identity((*claims)["phone"].text())) add(made, std::move(*number));
    if (const auto name = (*claims)["name"].text(); !name.empty()) made.display_name = name.substr(0, 200);
    return {};
}

}  // namespace kindred::connectors::webchat
