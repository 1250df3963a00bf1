#include "connectors/postmark/reply.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/checkup.hpp"

namespace kindred::connectors::postmark {

result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message) {
    if (ours.server_token.empty()) return fail(errc::invalid, "postmark cannot send: set server_token");
    const auto mail = mime::answer_to(ours.from, message, "postmark");
    if (!mail) return mail.error();
    json::writer body;
    body.begin_object().member("From", mime::named_address(mail->from_name, mail->from)).member("To", mail->to);
    body.member("Subject", mail->subject).member("TextBody", mail->text).member_if("ReplyTo", mail->reply_to);
    body.key("Headers").begin_array();
    for (const auto& [name, value] : mail->headers())
        body.begin_object().member("Name", name).member("Value", value).end_object();
    // Without this Postmark puts a Message-ID of its own in the place of ours.
    body.begin_object().member("Name", "X-PM-KeepID").member("Value", "true").end_object().end_array();
    if (!message.files.empty()) {
        body.key("Attachments").begin_array();
        for (const auto& file : message.files)
            body.begin_object()
                .member("Name", file.name)
                .member("Content", to_base64(file.content))
                .member("ContentType", file.type.empty() ? std::string("application/octet-stream") : file.type)
                .end_object();
        body.end_array();
    }
    body.member("TrackOpens", false).member("TrackLinks", "None").member_if("MessageStream", ours.message_stream);

    channel::provider_call call;
    call.url = ours.api_base + "/email";
    call.headers = {{"Content-Type", "application/json"},
                    {"Accept", "application/json"},
                    {"X-Postmark-Server-Token", ours.server_token}};
    call.body = body.end_object().take();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    using state = channel::delivery::state;
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    const auto code = (*parsed)["ErrorCode"].integer().value_or(0);
    if (by_status.outcome == state::sent && code == 0) {
        by_status.provider_message_id = (*parsed)["MessageID"].text();
        return by_status;
    }
    if (by_status.outcome == state::sent) by_status.outcome = state::failed;
    if (const auto said = (*parsed)["Message"].text(); !said.empty())
        by_status.reason = "Postmark error " + std::to_string(code) + ": " + std::string(said);
    return by_status;
}

channel::checkup account_checkup(const account& ours) {
    if (ours.server_token.empty())
        return channel::cannot_ask("server", "it receives, and cannot send: set server_token");
    channel::provider_call call;
    call.method = "GET";
    call.url = ours.api_base + "/server";
    call.headers = {{"Accept", "application/json"}, {"X-Postmark-Server-Token", ours.server_token}};
    return channel::can_ask("server", std::move(call), "Name");
}

}  // namespace kindred::connectors::postmark
