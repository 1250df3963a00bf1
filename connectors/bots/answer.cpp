#include "connectors/bots/answer.hpp"

#include "engine/base/text.hpp"

namespace kindred::connectors::bots {
namespace {

void write_situation(const channel::situation& now, json::writer& out) {
    out.member_if("ticket", now.ticket).member_if("queue", now.queue);
    if (now.position != 0) out.member("position", now.position);
    if (now.estimated_wait) out.member("estimated_wait_s", now.estimated_wait->count() / 1000);
}

/// WebhookResponse; `liveAgentHandoff` marks the conversation for Dialogflow's figures, and carries our answer.
void write_dialogflow_cx(const std::string& text, const channel::situation& now, json::writer& out) {
    out.begin_object().key("fulfillmentResponse").begin_object().key("messages").begin_array();
    out.begin_object().key("text").begin_object().key("text").begin_array().value(text).end_array();
    out.end_object().end_object();
    out.begin_object().key("liveAgentHandoff").begin_object().key("metadata").begin_object();
    write_situation(now, out);
    out.end_object().end_object().end_object();
    out.end_array().end_object();
    out.key("sessionInfo").begin_object().key("parameters").begin_object().member("handoff", true);
    out.member_if("ticket", now.ticket).end_object().end_object().end_object();
}

/// `pause` keeps the bot quiet while a person talks.
void write_rasa(const std::string& text, const std::string& slot, json::writer& out) {
    out.begin_object().key("events").begin_array();
    out.begin_object().member("event", "pause").end_object();
    if (!slot.empty())
        out.begin_object().member("event", "slot").member("name", slot).member("value", true).end_object();
    out.end_array();
    out.key("responses").begin_array().begin_object().member("text", text).end_object().end_array().end_object();
}

void write_generic(const std::string& text, const channel::situation& now, json::writer& out) {
    out.begin_object().member("handed_over", true).member("text", text);
    write_situation(now, out);
    out.end_object();
}

}  // namespace

handover_texts::handover_texts(channel::options& settings)
    : usual_(settings.text("handover_text", "One moment, I connect you.")),
      by_language_{{"en", "One moment, I connect you."},
                   {"es", "Un momento, le comunico con una persona."},
                   {"de", "Einen Moment, ich verbinde Sie."},
                   {"fr", "Un instant, je vous mets en relation."}} {
    for (const auto& language : settings.list("languages")) {
        const auto known = by_language_.find(language);
        auto text = settings.text("handover_text_" + language, known == by_language_.end() ? "" : known->second);
        if (text.empty()) settings.complain("languages", "give handover_text_" + language + " too");
        by_language_.insert_or_assign(language, std::move(text));
    }
    // Who writes one text for all means it for all.
    if (usual_ != by_language_.find("en")->second && settings.list("languages").empty()) by_language_.clear();
}

const std::string& handover_texts::in(std::string_view language) const {
    const auto found = by_language_.find(to_lower_ascii(language.substr(0, language.find_first_of("-_"))));
    return found == by_language_.end() ? usual_ : found->second;
}

channel::answer handover_answer(format bot, const std::string& text, const std::string& slot,
                                const channel::situation& now) {
    json::writer out;
    switch (bot) {
        case format::dialogflow_cx: write_dialogflow_cx(text, now, out); break;
        case format::rasa: write_rasa(text, slot, out); break;
        case format::generic: write_generic(text, now, out); break;
    }
    channel::answer made;
    made.content_type = "application/json";
    made.body = out.take();
    return made;
}

channel::answer not_ours(format bot, std::string_view action) {
    channel::answer made;
    made.content_type = "application/json";
    if (bot == format::rasa) {
        // What Rasa's own action server says: the bot then goes on as with any action that failed.
        made.status = 404;
        json::writer out;
        out.begin_object().member("error", "this action hands nothing over: it is not among the channel's actions");
        made.body = out.member("action_name", action).end_object().take();
    } else {
        made.body = "{}";
    }
    return made;
}

}  // namespace kindred::connectors::bots
