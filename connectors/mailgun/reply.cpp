#include "connectors/mailgun/reply.hpp"

#include "connectors/mime/compose.hpp"
#include "connectors/mime/reply_token.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

namespace kindred::connectors::mailgun {
namespace {

constexpr std::size_t longest_text = 1U << 20U;
constexpr std::size_t longest_local_part = 64;  // RFC 5321 section 4.5.3.1.1

/// One address: Mailgun reads `to` as a list.
bool is_one_address(std::string_view address) {
    return fold_email(address) && address.find_first_of(",;:\"") == std::string_view::npos;
}

class form_writer {
public:
    void add(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        if (!body_.empty()) body_ += '&';
        body_ += encode_percent(name) + '=' + encode_percent(value);
    }
    /// A header of the mail; line breaks would begin another one.
    void add_header(std::string_view name, std::string_view value) { add("h:" + std::string(name), one_line(value)); }
    std::string take() { return std::move(body_); }

    static std::string one_line(std::string_view value) {
        std::string line(value);
        for (auto& letter : line)
            if (static_cast<unsigned char>(letter) < 0x20) letter = ' ';
        return line;
    }

private:
    std::string body_;
};

std::string named_address(const std::string& name, const std::string& address) {
    if (name.empty()) return address;
    std::string quoted = "\"";
    for (const char letter : form_writer::one_line(name)) {
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return quoted + "\" <" + address + '>';
}

struct thread_marks {
    std::string message_id;
    std::string reply_to;
};

/// Makes the answer to this mail find its ticket.
thread_marks marks_for(const account& ours, const channel::outgoing& message, const std::string& from) {
    const auto domain = from.substr(from.rfind('@') + 1);
    if (ours.reply_secrets.empty() || message.ticket.empty())
        return {'<' + channel::sha256_hex(message.idempotency_key).substr(0, 32) + '@' + domain + '>', {}};
    const auto& secret = ours.reply_secrets.front();
    thread_marks marks;
    marks.message_id = mime::make_message_id(secret, message.ticket, message.from, message.idempotency_key, domain);
    auto address = mime::with_plus_part(from, mime::make_reply_token(secret, message.ticket, message.from));
    if (address.rfind('@') <= longest_local_part) marks.reply_to = std::move(address);
    return marks;
}

/// RFC 3834: what keeps other machines from answering ours.
void mark_automatic(form_writer& form) {
    form.add_header("Auto-Submitted", "auto-replied");
    form.add_header("X-Auto-Response-Suppress", "All");
    form.add_header("Precedence", "auto_reply");
}

std::string joined(const std::vector<std::string>& ids) {
    std::string all;
    for (const auto& id : ids) all += (all.empty() ? "" : " ") + id;
    return all;
}

}  // namespace

result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message) {
    if (ours.domain.empty() || ours.api_key.empty())
        return fail(errc::invalid, "mailgun cannot send: set domain and api_key");
    if (!is_one_address(message.from)) return fail(errc::invalid, "the contact has no mail address to answer");
    const auto from = ours.address.empty() ? mime::without_plus_part(message.to) : ours.address;
    if (!is_one_address(from)) return fail(errc::invalid, "mailgun cannot send: set address to where mail comes from");
    if (trim(message.text).empty()) return fail(errc::invalid, "an empty mail says nothing");
    if (message.text.size() > longest_text) return fail(errc::invalid, "the text is longer than 1 MiB");

    const auto subject = mime::reply_subject(message.subject);
    const auto marks = marks_for(ours, message, from);
    form_writer form;
    form.add("from", named_address(ours.from_name, from));
    form.add("to", message.from);
    form.add("subject", form_writer::one_line(message.automatic ? "Auto: " + subject : subject));
    form.add("text", message.text);
    form.add_header("Message-Id", marks.message_id);
    form.add_header("In-Reply-To", message.provider_message_id);
    form.add_header("References", joined(mime::reply_references(message.references, message.provider_message_id)));
    form.add_header("Reply-To", marks.reply_to);
    if (message.automatic) mark_automatic(form);
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
