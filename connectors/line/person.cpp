#include "connectors/line/person.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace kindred::connectors::line {
namespace {

constexpr duration people_keep_their_names = std::chrono::days{1};

/// Ids begin with their kind: U of people, C of groups, R of rooms.
std::string profile_path(const channel::record& sender) {
    const auto person = encode_percent(sender.from);
    const auto place = encode_percent(sender.thread);
    if (sender.thread.starts_with('C')) return "/v2/bot/group/" + place + "/member/" + person;
    if (sender.thread.starts_with('R')) return "/v2/bot/room/" + place + "/member/" + person;
    return "/v2/bot/profile/" + person;
}

}  // namespace

std::optional<channel::inquiry> person_inquiry(const account& ours, const channel::record& sender) {
    using channel::record_kind;
    if (ours.channel_access_token.empty() || sender.from.empty() || sender.identities.empty()) return std::nullopt;
    if (sender.kind != record_kind::message && sender.kind != record_kind::postback) return std::nullopt;
    channel::inquiry made;
    made.key = "person:" + sender.identities.front().text;
    made.url = ours.api_base + profile_path(sender);
    made.headers = {{"Authorization", "Bearer " + ours.channel_access_token}};
    made.good_for = people_keep_their_names;
    return made;
}

channel::introduction introduction_of(const channel::inquiry_answer& said) {
    channel::introduction made;
    const auto parsed = json::document::parse(said.body);
    if (!parsed) return made;
    made.name = trim((*parsed)["displayName"].text());
    made.language = (*parsed)["language"].text();
    return made;
}

}  // namespace kindred::connectors::line
