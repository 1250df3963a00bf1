#include "engine/insight/group_topics.hpp"

#include "engine/base/json.hpp"
#include "engine/base/json_glance.hpp"

namespace kindred::insight {

namespace {

std::string said_or_understood(std::string_view contact, std::string_view said_as, std::string_view understood_as) {
    const auto is_text = [](const auto& found) { return found && !found->empty() && found->front() == '"'; };
    auto said = json::glance(contact, said_as);
    if (!is_text(said)) said = json::glance(json::glance(contact, "understood").value_or(""), understood_as);
    if (!is_text(said)) return {};
    if (const auto plain = json::plain_text(*said)) return std::string(*plain);
    const auto parsed = json::document::parse(*said);
    return parsed ? std::string(parsed->root().text()) : std::string();
}

}  // namespace

std::string intent_in(std::string_view contact) { return said_or_understood(contact, "intent", "intent"); }

std::string locale_in(std::string_view contact) { return said_or_understood(contact, "locale", "language"); }

void group_topics::contact(ticket_id ticket, std::string_view channel, std::string_view json) {
    last_ = ticket;
    channel_ = names_.number_of(channel);
    intent_ = names_.number_of(intent_in(json));
}

void group_topics::decided(ticket_id ticket, std::uint32_t placement) {
    if (ticket != last_ || !last_) return;
    ++opened_[{placement, channel_, intent_}];
    last_ = {};
}

std::map<std::pair<std::string, std::string>, group_topics::topics> group_topics::finish(
    const placement_table& placements) const {
    std::map<std::pair<std::string, std::string>, topics> made;
    for (const auto& [how, count] : opened_)
        for (const auto& each : placements.groups(how.placement)) {
            if (each.name == 0) continue;
            auto& of = made[{placements.name(each.dimension), placements.name(each.name)}];
            if (how.channel != 0) of.channels[names_.name(how.channel)] += count;
            if (how.intent != 0) of.intents[names_.name(how.intent)] += count;
        }
    return made;
}

}  // namespace kindred::insight
