#include "engine/domain/named_identity.hpp"

#include "engine/domain/identity.hpp"

namespace kindred {
namespace {

constexpr std::size_t longest_identity = 400;

error wrong(std::string what) { return fail(errc::invalid, std::move(what)); }

}  // namespace

result<identity> named_identity(std::string_view space, std::string_view id) {
    const bool named =
        !space.empty() && space.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
    const std::string shown = '"' + std::string(id.substr(0, 100)) + '"';
    if (!named || id.empty() || id.size() > longest_identity)
        return wrong("identities: wants space:id, such as external:c-17, of at most 400 bytes");
    if (space == "email") {
        auto made = email_identity(id, proof::proven);
        return made ? result<identity>(std::move(*made)) : wrong("email: " + shown + " is no mail address");
    }
    if (space == "phone") {
        auto made = phone_identity(id);
        return made ? result<identity>(std::move(*made))
                    : wrong("phone: " + shown + " is no number with its country code, such as +34600000001");
    }
    return provider_identity(space, id);
}

result<identity> named_identity(std::string_view whole) {
    const auto colon = whole.find(':');
    if (colon == std::string_view::npos)
        return wrong("identities: \"" + std::string(whole.substr(0, 100)) + "\" is not of the form space:id");
    return named_identity(whole.substr(0, colon), whole.substr(colon + 1));
}

}  // namespace kindred
