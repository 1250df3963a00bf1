#include "connectors/ses-sns/reply.hpp"

#include "connectors/mime/compose.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::ses_sns {
namespace {

constexpr std::size_t shortest_id = 30;
constexpr std::size_t longest_reason = 200;
constexpr unsigned permanent = 500;
constexpr unsigned login_refused = 535;

/// "Ok 0100018f-...-000000": the last word, where it looks like an id.
std::string id_in(std::string_view reply) {
    reply = trim(reply);
    const auto id = reply.substr(reply.find_last_of(" \r\n") + 1);
    const bool plain = std::all_of(id.begin(), id.end(), [](char letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || letter == '-';
    });
    return plain && id.size() >= shortest_id ? std::string(id) : std::string();
}

}  // namespace

result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message) {
    if (ours.submission.url.empty())
        return fail(errc::invalid, "ses-sns cannot send: set smtp_url, smtp_user, smtp_password");
    const auto answer = mime::answer_to(ours.from, message, "ses-sns");
    if (!answer) return answer.error();
    mime::draft mail;
    mail.from_name = answer->from_name;
    mail.from = answer->from;
    mail.to = answer->to;
    mail.reply_to = answer->reply_to;
    mail.subject = answer->subject;
    mail.text = answer->text;
    mail.message_id = answer->message_id;
    mail.in_reply_to = answer->in_reply_to;
    mail.references = answer->references;
    mail.at = message.at;
    mail.automatic = answer->automatic;
    mail.files = message.files;

    auto call = ours.submission.call();
    call.envelope_from = mail.from;  // SES takes no null sender; its bounces come by SNS
    call.envelope_to.push_back(mail.to);
    call.body = mime::compose(mail);
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered) {
    channel::delivery outcome;
    if (answered.status >= 200 && answered.status < 300) {
        outcome.outcome = channel::delivery::state::sent;
        outcome.provider_message_id = id_in(answered.body);
        return outcome;
    }
    // A wrong password is ours to correct: the mail waits for it.
    const bool again = answered.status < permanent || answered.status == login_refused;
    outcome.outcome = again ? channel::delivery::state::retry : channel::delivery::state::failed;
    outcome.reason = answered.status == 0 ? "SES did not answer"
                                          : "SES answered " + std::to_string(answered.status) + ' ' +
                                                to_utf8(std::string_view(answered.body).substr(0, longest_reason));
    return outcome;
}

}  // namespace kindred::connectors::ses_sns
