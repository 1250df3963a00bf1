#include "connectors/slack/payload.hpp"

#include "connectors/slack/interaction.hpp"
#include "connectors/slack/message.hpp"
#include "connectors/slack/mrkdwn.hpp"
#include "engine/base/json.hpp"

#include <array>
#include <utility>

namespace kindred::connectors::slack {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;
using json::literal;

void be_control(record& made, std::string_view event) {
    made.kind = record_kind::control;
    made.ignored_because = event;
    made.add_detail("event", literal(event));
}

void read_reaction(json::value event, std::string_view team, bool removed, record& made) {
    const auto item = event["item"];
    if (item["type"].text() != "message") {
        made.kind = record_kind::ignored;
        made.ignored_because = "unknown_event";
        return;
    }
    made.kind = record_kind::reaction;
    read_sender(team, event["user"].text(), made);
    read_place(item["channel"].text(), item, made);
    made.references.push_back(message_key(item["channel"].text(), item["ts"].text()));
    made.add_detail("target", literal(made.references.back()));
    made.add_detail("emoji", literal(event["reaction"].text()));
    if (removed) made.add_detail("removed", "true");
}

result<void> read_event(json::value event, std::string_view team, record& made) {
    const auto type = event["type"].text();
    if (type.empty()) return fail(errc::invalid, "event.type: is missing");
    if (type == "message" || type == "app_mention") return read_message(event, team, made);
    if (type == "reaction_added" || type == "reaction_removed") {
        read_reaction(event, team, type == "reaction_removed", made);
    } else if (type == "app_uninstalled") {
        be_control(made, "app-uninstalled");
    } else if (type == "tokens_revoked") {
        be_control(made, "tokens-revoked");
    } else {
        made.kind = record_kind::ignored;
        made.ignored_because = "unknown_event";
    }
    return {};
}

result<record> read_command(const channel::form& fields, std::string_view body) {
    const auto place = fields["channel_id"];
    const auto once = fields["trigger_id"];
    if (place.empty()) return fail(errc::invalid, "channel_id: is missing");
    if (fields["user_id"].empty()) return fail(errc::invalid, "user_id: is missing");
    record made;
    made.event_id = once.empty() ? channel::event_id_of_body(body) : event_id({"command", once});
    made.provider_message_id = once;
    read_sender(fields["team_id"], fields["user_id"], made);
    made.handle = fields["user_name"];
    made.thread = place;
    made.reply_address = place;
    // A command stands in no thread, so people who share a channel are told apart by who they are.
    made.conversation = std::string(place) + '>' + made.from;
    made.text = to_plain_text(fields["text"]);
    made.add_detail("command", literal(fields["command"]));
    return made;
}

/// The bot that was written to.
std::string own_user(json::value authorizations) {
    const auto first = authorizations.at(0);
    return std::string(first["is_bot"].boolean().value_or(false) ? first["user_id"].text() : std::string_view{});
}

result<record> read_callback(json::value root) {
    record made;
    made.event_id = event_id({root["event_id"].text()});
    if (made.event_id.empty()) return fail(errc::invalid, "event_id: is missing");
    if (!root["event"].is_object()) return fail(errc::invalid, "event: wants an object");
    made.to = own_user(root["authorizations"]);
    if (auto read = read_event(root["event"], root["team_id"].text(), made); !read) return read.error();
    if (made.kind == record_kind::message && made.from == made.to) {
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
    }
    return made;
}

}  // namespace

result<delivery_body> parse(std::string_view body) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    const auto type = root["type"].text();
    delivery_body read;
    if (type == "url_verification") {
        read.challenge = root["challenge"].text();
        if (read.challenge.empty()) return fail(errc::invalid, "challenge: is missing");
        return read;
    }
    if (type == "event_callback") {
        auto made = read_callback(root);
        if (!made) return made.error();
        read.happened = std::move(*made);
        return read;
    }
    if (type.empty()) return fail(errc::invalid, "type: is missing");
    if (type == "app_rate_limited") {
        // Slack has dropped events of this minute: they will not come again.
        const auto minute = root["minute_rate_limited"].text_or_number();
        read.happened.event_id = event_id({"rate-limited", minute, root["team_id"].text()});
        be_control(read.happened, "rate-limited");
        read.happened.add_detail("minute", literal(minute));
        return read;
    }
    read.happened = channel::ignored("unknown_event", channel::event_id_of_body(body));
    return read;
}

result<std::vector<record>> parse_form(std::string_view body) {
    const auto fields = channel::form::parse(body);
    if (!fields.is_text()) return fail(errc::invalid, "the form is not UTF-8");
    if (const auto payload = fields["payload"]; !payload.empty()) return parse_interaction(payload);
    std::vector<record> records;
    if (fields["command"].empty()) {
        records.push_back(channel::ignored("unknown_event", channel::event_id_of_body(body)));
        return records;
    }
    auto command = read_command(fields, body);
    if (!command) return command.error();
    records.push_back(std::move(*command));
    return records;
}

}  // namespace kindred::connectors::slack
