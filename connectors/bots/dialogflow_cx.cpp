#include "connectors/bots/payload.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

/// WebhookRequest of Dialogflow CX (cloud.google.com/dialogflow/cx/docs/reference/rest/v3/WebhookRequest).
namespace kindred::connectors::bots {
namespace {

using channel::record;

/// "projects/p/locations/l/agents/a/sessions/s" (or with an environment before the session).
std::string_view session_of(std::string_view name) {
    constexpr std::string_view before = "/sessions/";
    const auto at = name.rfind(before);
    return at == std::string_view::npos ? name : name.substr(at + before.size());
}

/// What the person said or did last; exactly one of these is there.
void read_words(json::value root, record& made) {
    for (const std::string_view name : {"text", "transcript", "dtmfDigits", "triggerEvent"})
        if (const auto said = root[name].text(); !said.empty()) {
            made.text = said;
            return;
        }
    made.text.emplace();
}

/// The session's parameters, and those of the intent that the session does not have.
void read_parameters(json::value root, record& made) {
    const auto session = root["sessionInfo"]["parameters"];
    json::writer all;
    all.begin_object();
    session.for_each_member([&](std::string_view name, json::value value) {
        if (!value.is_null()) all.key(name).raw(value.to_text());
    });
    root["intentInfo"]["parameters"].for_each_member([&](std::string_view name, json::value value) {
        const auto resolved = value["resolvedValue"];
        if (!session[name].exists() && resolved.exists() && !resolved.is_null()) all.key(name).raw(resolved.to_text());
    });
    made.add_detail("attributes", all.end_object().take());
    read_claims(session, made);
}

void read_numbers(json::value root, record& made) {
    if (const auto confidence = root["intentInfo"]["confidence"]; confidence.is_number())
        made.add_detail("confidence", confidence.to_text());
    if (const auto score = root["sentimentAnalysisResult"]["score"]; score.is_number())
        made.add_detail("sentiment", score.to_text());
}

/// The request has this turn alone: what was said, and what the bot answers to it.
void read_turn(json::value root, record& made) {
    transcript said;
    said.add("customer", made.text.value_or(""), std::nullopt);
    root["messages"].for_each([&](json::value message) {
        message["text"]["text"].for_each([&](json::value text) { said.add("bot", text.text(), std::nullopt); });
    });
    said.add_to(made);
}

}  // namespace

result<handover> read_dialogflow_cx(json::value root, const bot_rules& rules) {
    handover read;
    read.bot = format::dialogflow_cx;
    const auto session = session_of(root["sessionInfo"]["session"].text());
    if (session.empty()) return fail(errc::invalid, "sessionInfo.session: is missing");
    read.action = root["fulfillmentInfo"]["tag"].text();
    auto& made = read.happened;
    const auto id = root["detectIntentResponseId"].text();
    made.event_id =
        channel::event_id({"handoff", session, id.empty() ? channel::event_id_of_body(root.to_text()) : id});
    const auto wanted = [&](const std::string& tag) { return equal_ignoring_case(tag, read.action); };
    if (!rules.tags.empty() && std::none_of(rules.tags.begin(), rules.tags.end(), wanted)) {
        made.kind = channel::record_kind::ignored;
        made.ignored_because = "other_tag";
        return read;
    }
    begin_handover(read.bot, session, rules.channel_name, made);
    made.provider_message_id = id;
    made.locale = root["languageCode"].text();
    read_words(root, made);
    const auto intent = root["intentInfo"]["displayName"].text();
    if (!intent.empty()) made.add_detail("intent", json::literal(intent));
    read_numbers(root, made);
    read_parameters(root, made);
    if (const auto page = root["pageInfo"]["displayName"].text(); !page.empty())
        made.add_detail("page", json::literal(page));
    read_turn(root, made);
    return read;
}

}  // namespace kindred::connectors::bots
