#include "connectors/mailgun/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::mailgun {
namespace {

class form_writer {
public:
    void add(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        if (!body_.empty()) body_ += '&';
        body_ += encode_percent(name) + '=' + encode_percent(value);
    }
    std::string take() { return std::move(body_); }

private:
    std::string body_;
};

}  // namespace

result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message) {
    if (ours.domain.empty() || ours.api_key.empty())
        return fail(errc::invalid, "mailgun cannot send: set domain and api_key");
    const auto mail = mime::answer_to(ours.from, message, "mailgun");
    if (!mail) return mail.error();
    form_writer form;
    form.add("from", mime::named_address(mail->from_name, mail->from));
    form.add("to", mail->to);
    form.add("subject", mail->subject);
    form.add("text", mail->text);
    for (const auto& [name, value] : mail->headers()) form.add("h:" + name, value);
    form.add("h:Reply-To", mail->reply_to);
    form.add("o:tracking", "no");

    channel::provider_call call;
    call.url = ours.api_base + "/v3/" + encode_percent(ours.domain) + "/messages";
    call.headers = {{"Content-Type", std::string(channel::form_media_type)}};
    call.user = "api";
    call.password = ours.api_key;
    call.body = form.take();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome != channel::delivery::state::sent) {
        if (const auto said = (*parsed)["message"].text(); !said.empty())
            by_status.reason = "Mailgun: " + std::string(said);
        return by_status;
    }
    by_status.provider_message_id = (*parsed)["id"].text();
    return by_status;
}

}  // namespace kindred::connectors::mailgun
