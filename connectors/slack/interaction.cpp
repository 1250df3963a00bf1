#include "connectors/slack/interaction.hpp"

#include "connectors/slack/message.hpp"
#include "connectors/slack/mrkdwn.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::slack {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;
using json::literal;

constexpr std::size_t most_actions = 50;

/// Who did it, and where. Without a channel (global shortcuts, forms) an answer goes to the person.
result<record> begun(json::value root, std::string_view payload) {
    record made;
    made.kind = record_kind::postback;
    const auto user = root["user"]["id"].text();
    if (user.empty()) return fail(errc::invalid, "payload.user.id: is missing");
    auto team = root["team"]["id"].text();
    if (team.empty()) team = root["user"]["team_id"].text();
    read_sender(team, user, made);
    made.handle =
        root["user"]["username"].text().empty() ? root["user"]["name"].text() : root["user"]["username"].text();
    auto place = root["channel"]["id"].text();
    if (place.empty()) place = root["container"]["channel_id"].text();
    if (place.empty()) {
        made.thread = made.reply_address = made.from;
        made.conversation = "person:" + made.from;
    } else {
        read_place(place, root["message"], made);
    }
    const auto once = root["trigger_id"].text();
    made.provider_message_id = once;
    made.event_id = once.empty() ? channel::event_id_of_body(payload) : event_id({"interaction", once});
    made.add_detail("interaction", literal(root["type"].text()));
    return made;
}

/// What the person sees of the choice, and what the app put behind it.
void read_choice(json::value action, record& made) {
    auto shown = action["text"]["text"].text();
    auto behind = action["value"].text();
    for (const std::string_view member : {"selected_option", "initial_option"}) {
        if (!shown.empty() || !behind.empty()) break;
        shown = action[member]["text"]["text"].text();
        behind = action[member]["value"].text();
    }
    for (const std::string_view member :
         {"selected_date", "selected_time", "selected_user", "selected_channel", "selected_conversation"})
        if (shown.empty()) shown = action[member].text();
    if (behind.empty()) behind = action["action_id"].text();
    made.text = to_plain_text(shown.empty() ? behind : shown);
    made.add_detail("button_payload", literal(behind));
    if (const auto id = action["action_id"].text(); !id.empty()) made.add_detail("action", literal(id));
}

result<std::vector<record>> read_actions(json::value root, const record& common) {
    const auto actions = root["actions"];
    if (actions.size() == 0 || actions.size() > most_actions)
        return fail(errc::invalid, "payload.actions: wants one to 50");
    std::vector<record> records;
    actions.for_each([&](json::value each) {
        auto made = common;
        if (!records.empty()) made.event_id = event_id({common.event_id, std::to_string(records.size())});
        if (const auto below = root["message"]["ts"].text(); !below.empty())
            made.reply_to = message_key(made.reply_address, below);
        read_choice(each, made);
        records.push_back(std::move(made));
    });
    return records;
}

/// A shortcut is named by its callback id; one on a message hands that message over.
record read_shortcut(json::value root, record made) {
    const auto on = root["message"];
    const auto id = root["callback_id"].text();
    made.text = on.is_object() ? to_plain_text(on["text"].text()) : std::string(id);
    made.add_detail("button_payload", literal(id));
    if (const auto author = on["user"].text(); !author.empty()) made.add_detail("message_author", literal(author));
    return made;
}

/// A form: its title is the text, its answers are kept as Slack has them.
record read_form(json::value root, record made) {
    const auto view = root["view"];
    made.text = view["title"]["text"].text();
    made.add_detail("button_payload", literal(view["callback_id"].text()));
    if (const auto values = view["state"]["values"]; values.is_object())
        made.add_detail("form_answers", values.to_text());
    return made;
}

}  // namespace

result<std::vector<record>> parse_interaction(std::string_view payload) {
    const auto parsed = json::document::parse(payload);
    if (!parsed) return fail(errc::invalid, "payload: " + parsed.error().message);
    const auto root = parsed->root();
    const auto type = root["type"].text();
    if (type.empty()) return fail(errc::invalid, "payload.type: is missing");
    const bool action = type == "block_actions" || type == "interactive_message";
    const bool shortcut = type == "shortcut" || type == "message_action";
    std::vector<record> records;
    if (!action && !shortcut && type != "view_submission") {
        records.push_back(channel::ignored("unknown_event", channel::event_id_of_body(payload)));
        return records;
    }
    auto common = begun(root, payload);
    if (!common) return common.error();
    if (action) return read_actions(root, *common);
    records.push_back(shortcut ? read_shortcut(root, std::move(*common)) : read_form(root, std::move(*common)));
    return records;
}

}  // namespace kindred::connectors::slack
