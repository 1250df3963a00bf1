#include "connectors/mime/submission.hpp"

#include "connectors/mime/compose.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::mime {
namespace {

constexpr std::size_t longest_text = 1U << 20U;
constexpr std::size_t longest_local_part = 64;  // RFC 5321 section 4.5.3.1.1

/// An address that can stand in an SMTP command as it is.
bool is_plain_address(std::string_view address) {
    const auto at = address.rfind('@');
    const bool clean = std::none_of(address.begin(), address.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '<' || c == '>' || c == ',' || c == ';';
    });
    return clean && at != std::string_view::npos && at > 0 && at + 1 < address.size() && address.size() <= 254;
}

std::string unsigned_message_id(std::string_view key, std::string_view domain) {
    const auto digest = sha256(key);
    return "<" + to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 16)) + "@" +
           std::string(domain) + ">";
}

draft draft_of(const mail_settings& settings, const channel::outgoing& message, const std::string& from) {
    draft mail;
    mail.from_name = settings.from_name;
    mail.from = from;
    mail.to = message.from;
    mail.subject = subject_of(message);
    mail.text = message.text;
    mail.in_reply_to = message.provider_message_id;
    mail.references = reply_references(message.references, message.provider_message_id);
    mail.at = message.at;
    mail.automatic = message.automatic;
    mail.files = message.files;
    return mail;
}

/// Makes the answer to this mail find its ticket.
void sign(const mail_settings& settings, const channel::outgoing& message, draft& mail) {
    const auto domain = std::string_view(mail.from).substr(mail.from.rfind('@') + 1);
    if (settings.ours.reply_secrets.empty() || message.ticket.empty()) {
        mail.message_id = unsigned_message_id(message.idempotency_key, domain);
        return;
    }
    const auto& secret = settings.ours.reply_secrets.front();
    mail.message_id = make_message_id(secret, message.ticket, message.from, message.idempotency_key, domain);
    auto address = with_plus_part(mail.from, make_reply_token(secret, message.ticket, message.from));
    if (address.rfind('@') <= longest_local_part) mail.reply_to = std::move(address);
}

}  // namespace

result<channel::provider_call> reply_call(const mail_settings& settings, const channel::outgoing& message) {
    if (settings.submission.url.empty())
        return fail(errc::invalid,
                    "channel " + settings.channel + " cannot send: set smtp_url to its submission server");
    if (!is_plain_address(message.from))
        return fail(errc::invalid, "\"" + to_utf8(message.from) + "\" is no mail address");
    const auto from = settings.address.empty() ? without_plus_part(message.to) : settings.address;
    if (!is_plain_address(from))
        return fail(errc::invalid, "channel " + settings.channel + " does not know its own address: set address");
    if (message.text.size() > longest_text) return fail(errc::invalid, "the text is longer than 1 MiB");
    auto mail = draft_of(settings, message, from);
    sign(settings, message, mail);
    auto call = settings.submission.call();
    // A bounce goes to the reply address: so it comes back to the ticket.
    if (!message.automatic) call.envelope_from = mail.reply_to.empty() ? mail.from : mail.reply_to;
    call.envelope_to.push_back(message.from);
    call.message_id = mail.message_id;
    call.body = compose(mail);
    return call;
}

channel::delivery judge_submission(const channel::provider_answer& answered) {
    static constexpr std::array<unsigned, 4> refused_login = {530, 534, 535, 538};
    channel::delivery outcome;
    if (answered.status >= 200 && answered.status < 300) {
        outcome.outcome = channel::delivery::state::sent;
        return outcome;
    }
    const bool login = std::find(refused_login.begin(), refused_login.end(), answered.status) != refused_login.end();
    const bool again = answered.status < 500 || login;
    outcome.outcome = again ? channel::delivery::state::retry : channel::delivery::state::failed;
    outcome.reason = answered.status == 0 ? "the mail server did not answer"
                                          : "the mail server answered " + std::to_string(answered.status) + " " +
                                                to_utf8(std::string_view(answered.body).substr(0, 200));
    return outcome;
}

}  // namespace kindred::connectors::mime
