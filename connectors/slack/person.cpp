#include "connectors/slack/person.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/domain/identity.hpp"

namespace kindred::connectors::slack {
namespace {

constexpr duration people_keep_their_names = std::chrono::days{1};

/// The first that says anything.
std::string first_of(std::initializer_list<std::string_view> texts) {
    for (const auto text : texts)
        if (!trim(text).empty()) return std::string(trim(text));
    return {};
}

}  // namespace

std::optional<channel::inquiry> person_inquiry(const account& ours, const channel::record& sender) {
    if (ours.bot_token.empty() || sender.from.empty() || sender.identities.empty()) return std::nullopt;
    channel::inquiry made;
    made.key = "person:" + sender.identities.front().text;
    made.url = ours.api_base + "/api/users.info?include_locale=true&user=" + encode_percent(sender.from);
    made.headers = {{"Authorization", "Bearer " + ours.bot_token}};
    made.good_for = people_keep_their_names;
    return made;
}

channel::introduction introduction_of(const identity& sender, const channel::inquiry_answer& said, bool with_email) {
    channel::introduction made;
    const auto parsed = json::document::parse(said.body);
    if (!parsed || !(*parsed)["ok"].boolean().value_or(false)) return made;
    const auto user = (*parsed)["user"];
    const auto profile = user["profile"];
    made.name = first_of(
        {profile["real_name"].text(), user["real_name"].text(), profile["display_name"].text(), user["name"].text()});
    made.language = user["locale"].text();
    const auto home =
        provider_identity("slack", std::string(user["team_id"].text()) + ':' + std::string(user["id"].text()));
    const bool vouched = user["is_email_confirmed"].boolean().value_or(false) &&
                         !user["is_stranger"].boolean().value_or(false) && home.text == sender.text;
    if (with_email && vouched)
        if (auto email = email_identity(profile["email"].text(), proof::proven))
            made.identities.push_back(std::move(*email));
    return made;
}

}  // namespace kindred::connectors::slack
