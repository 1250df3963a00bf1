#include "connectors/bots/payload.hpp"

namespace kindred::connectors::bots {
namespace {

/// Each has members that no other could do without.
format format_of(json::value root) {
    if (root["detectIntentResponseId"].exists() || root["fulfillmentInfo"].exists() || root["sessionInfo"].exists())
        return format::dialogflow_cx;
    if (root["tracker"].exists() || root["next_action"].exists()) return format::rasa;
    return format::generic;
}

}  // namespace

result<handover> parse(std::string_view body, const bot_rules& rules) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (!root.is_object()) return fail(errc::invalid, "the body: wants an object");
    switch (rules.only.value_or(format_of(root))) {
        case format::dialogflow_cx: return read_dialogflow_cx(root, rules);
        case format::rasa: return read_rasa(root, body, rules);
        case format::generic: return read_generic(root, body, rules);
    }
    return fail(errc::invalid, "the body: is of no known bot");
}

}  // namespace kindred::connectors::bots
