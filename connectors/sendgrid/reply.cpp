#include "connectors/sendgrid/reply.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"

namespace kindred::connectors::sendgrid {
namespace {

void write_address(json::writer& out, std::string_view key, std::string_view email, std::string_view name = {}) {
    out.key(key).begin_object().member("email", email).member_if("name", name).end_object();
}

}  // namespace

result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message) {
    if (ours.api_key.empty()) return fail(errc::invalid, "sendgrid cannot send: set api_key");
    const auto mail = mime::answer_to(ours.from, message, "sendgrid");
    if (!mail) return mail.error();
    json::writer body;
    body.begin_object().key("personalizations").begin_array().begin_object().key("to").begin_array();
    body.begin_object().member("email", mail->to).end_object().end_array().end_object().end_array();
    write_address(body, "from", mail->from, mail->from_name);
    if (!mail->reply_to.empty()) write_address(body, "reply_to", mail->reply_to);
    body.member("subject", mail->subject).key("content").begin_array().begin_object();
    body.member("type", "text/plain").member("value", mail->text).end_object().end_array();
    if (!message.files.empty()) {
        body.key("attachments").begin_array();
        for (const auto& file : message.files)
            body.begin_object()
                .member("content", to_base64(file.content))
                .member("filename", file.name)
                .member_if("type", file.type)
                .member("disposition", "attachment")
                .end_object();
        body.end_array();
    }
    body.key("headers").begin_object();
    for (const auto& [name, value] : mail->headers()) body.member(name, value);
    body.end_object().key("tracking_settings").begin_object();
    for (const char* each : {"click_tracking", "open_tracking"})
        body.key(each).begin_object().member("enable", false).end_object();

    channel::provider_call call;
    call.url = ours.api_base + "/v3/mail/send";
    call.headers = {{"Authorization", "Bearer " + ours.api_key}, {"Content-Type", "application/json"}};
    call.body = body.end_object().end_object().take();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    if (by_status.outcome == channel::delivery::state::sent) {
        for (const auto& [name, value] : answered.headers)
            if (equal_ignoring_case(name, "x-message-id")) by_status.provider_message_id = trim(value);
        return by_status;
    }
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (const auto said = (*parsed)["errors"].at(0)["message"].text(); !said.empty())
        by_status.reason = "SendGrid: " + std::string(said);
    return by_status;
}

channel::checkup account_checkup(const account& ours) {
    if (ours.api_key.empty()) return channel::cannot_ask("scopes", "it receives, and cannot send: set api_key");
    return channel::can_ask("scopes", channel::bearer_get(ours.api_base + "/v3/scopes", ours.api_key));
}

channel::checkup_result read_account_checkup(const channel::provider_answer& answered, channel::checkup_result read) {
    if (!read.works) return read;
    const auto parsed = json::document::parse(answered.body);
    bool sends = false;
    if (parsed) (*parsed)["scopes"].for_each([&](json::value each) { sends = sends || each.text() == "mail.send"; });
    if (sends) return read;
    return {false, "SendGrid: the key is good, and may not send: give it the permission Mail Send"};
}

}  // namespace kindred::connectors::sendgrid
