#include "connectors/bots/payload.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

/// Our own form, for bots without one: docs/channels/bots.md has every member.
namespace kindred::connectors::bots {
namespace {

using channel::record;
using channel::record_kind;

void read_transcript(json::value lines, record& made) {
    transcript said;
    lines.for_each([&](json::value each) {
        const auto from = each["from"].text();
        const bool customer = from == "customer" || from == "user" || from == "visitor";
        const auto at = parse_time(each["at"].text_or_number());
        said.add(customer ? "customer" : (from == "agent" ? "agent" : "bot"), each["text"].text(), at);
    });
    said.add_to(made);
}

void add_number(json::value root, std::string_view name, record& made) {
    if (root[name].is_number()) made.add_detail(name, root[name].to_text());
}

}  // namespace

result<handover> read_generic(json::value root, std::string_view body, const bot_rules& rules) {
    handover read;
    read.bot = format::generic;
    const auto conversation = root["conversation"].text_or_number();
    if (conversation.empty()) return fail(errc::invalid, "conversation: is missing");
    const auto type = root["type"].text("handoff");
    auto& made = read.happened;
    const auto id = root["id"].text_or_number();
    made.event_id = channel::event_id({type, conversation, id.empty() ? channel::event_id_of_body(body) : id});
    if (type != "handoff" && type != "message") {
        made.kind = record_kind::ignored;
        made.ignored_because = "unknown_event";
        return read;
    }
    begin_handover(read.bot, conversation, rules.channel_name, made);
    if (type == "message") made.kind = record_kind::message;
    made.provider_message_id = id;
    made.text = root["text"].text();
    if (type == "message" && trim(*made.text).empty()) return fail(errc::invalid, "text: is missing");
    made.subject = root["subject"].text();
    made.locale = root["language"].text();
    made.at = parse_time(root["at"].text_or_number());
    read_claims(root["customer"], made);
    if (const auto external = root["customer"]["id"].text_or_number(); !external.empty())
        made.identities.push_back(provider_identity("external", external));
    if (const auto intent = root["intent"].text(); !intent.empty()) made.add_detail("intent", json::literal(intent));
    add_number(root, "confidence", made);
    add_number(root, "sentiment", made);
    if (const auto given = root["attributes"]; given.is_object()) made.add_detail("attributes", given.to_text());
    if (const auto reason = root["reason"].text(); !reason.empty()) made.add_detail("reason", json::literal(reason));
    read_transcript(root["transcript"], made);
    return read;
}

}  // namespace kindred::connectors::bots
