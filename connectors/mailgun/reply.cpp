#include "connectors/mailgun/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/multipart.hpp"
#include "engine/channel/provider_host.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::mailgun {
namespace {

/// Fields alone go as a plain form; with files it must be multipart.
class form_writer {
public:
    explicit form_writer(const channel::outgoing& message) : files_(message.files), parts_(message.idempotency_key) {}

    void add(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        if (!files_.empty()) return parts_.add(name, value);
        if (!body_.empty()) body_ += '&';
        body_ += encode_percent(name) + '=' + encode_percent(value);
    }
    std::string media_type() const {
        return files_.empty() ? std::string(channel::form_media_type) : parts_.media_type();
    }
    std::string take() {
        if (files_.empty()) return std::move(body_);
        for (const auto& file : files_) parts_.add_file("attachment", file.name, file.type, file.content);
        return parts_.take();
    }

private:
    const std::vector<channel::outgoing_file>& files_;
    channel::multipart_writer parts_;
    std::string body_;
};

}  // namespace

result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message) {
    if (ours.domain.empty() || ours.api_key.empty())
        return fail(errc::invalid, "mailgun cannot send: set domain and api_key");
    const auto mail = mime::answer_to(ours.from, message, "mailgun");
    if (!mail) return mail.error();
    form_writer form(message);
    form.add("from", mime::named_address(mail->from_name, mail->from));
    form.add("to", mail->to);
    form.add("subject", mail->subject);
    form.add("text", mail->text);
    for (const auto& [name, value] : mail->headers()) form.add("h:" + name, value);
    form.add("h:Reply-To", mail->reply_to);
    form.add("o:tracking", "no");

    channel::provider_call call;
    call.url = ours.api_base + "/v3/" + encode_percent(ours.domain) + "/messages";
    call.headers = {{"Content-Type", form.media_type()}};
    call.user = "api";
    call.password = ours.api_key;
    call.body = form.take();
    return call;
}

result<channel::provider_call> stored_file_call(const account& ours, const channel::attachment& file) {
    const bool at_mailgun =
        channel::is_https_within(file.url, "mailgun.net") || channel::is_below(file.url, ours.api_base);
    if (!at_mailgun && !file.url.starts_with("https://"))
        return fail(errc::invalid, "the file has no address to fetch it from");
    channel::provider_call call;
    call.method = "GET";
    call.url = file.url;
    if (at_mailgun && !ours.api_key.empty()) {
        call.user = "api";
        call.password = ours.api_key;
    }
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

channel::checkup account_checkup(const account& ours) {
    if (ours.domain.empty() || ours.api_key.empty())
        return channel::cannot_ask("domain", "it receives, and cannot send: set domain and api_key");
    channel::provider_call call;
    call.method = "GET";
    call.url = ours.api_base + "/v4/domains/" + encode_percent(ours.domain);
    call.user = "api";
    call.password = ours.api_key;
    return channel::can_ask("domain", std::move(call), "domain.name");
}

channel::checkup_result read_account_checkup(const channel::provider_answer& answered, channel::checkup_result read) {
    if (answered.status == 401 || answered.status == 403)
        read.said = "Mailgun refuses the key (" + std::to_string(answered.status) +
                    "): it is wrong, or a sending key of one domain, which may send and ask for nothing";
    return read;
}

}  // namespace kindred::connectors::mailgun
