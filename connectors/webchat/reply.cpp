#include "connectors/webchat/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace kindred::connectors::webchat {

result<channel::provider_call> message_frame(const channel::outgoing& message, std::size_t longest_text) {
    const auto& visitor = message.thread.empty() ? message.from : message.thread;
    if (visitor.empty()) return fail(errc::invalid, "the contact has no visitor to answer");
    if (trim(message.text).empty() && message.files.empty())
        return fail(errc::invalid, "the chat takes no empty message");
    if (count_code_points(message.text) > longest_text)
        return fail(errc::invalid,
                    "the text is over the chat's " + std::to_string(longest_text) + " characters: shorten or split it");
    json::writer frame;
    frame.begin_object().member("type", "message").member("id", message.idempotency_key).member("from", "agent");
    frame.member_if("name", message.agent_name).member("text", message.text).member("at", to_rfc3339(message.at));
    if (!message.files.empty()) {
        frame.key("attachments").begin_array();
        for (const auto& file : message.files)
            frame.begin_object().member("id", file.id).member("name", file.name).member("type", file.type).end_object();
        frame.end_array();
    }
    if (message.automatic) frame.member("automatic", true);
    // Buttons that answer with one of a few words, and a page of ours where there is more to be told.
    if (const auto details = json::document::parse(message.details.empty() ? "{}" : message.details))
        if (const auto survey = (*details)["survey"]; survey.is_object()) frame.key("survey").raw(survey.to_text());
    frame.end_object();

    channel::provider_call call;
    call.via = channel::transport::chat_session;
    call.session = visitor;
    call.body = frame.take();
    return call;
}

}  // namespace kindred::connectors::webchat
