#include "connectors/mime/mail_connector.hpp"

#include "connectors/mime/answer_mail.hpp"
#include "connectors/mime/mime.hpp"
#include "connectors/mime/submission.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

using channel::reception;

constexpr std::chrono::hours believable_lead{24};  // a sender's clock may be wrong; a date beyond this says nothing

reception refuse(unsigned code, std::string reason, std::string text) {
    return reception::refuse(code, std::move(reason), std::move(text));
}

bool is_for_us(const std::vector<std::string>& addresses, const std::vector<std::string>& recipients) {
    if (addresses.empty() || recipients.empty()) return true;
    return std::any_of(recipients.begin(), recipients.end(), [&](const std::string& recipient) {
        const auto bare = without_plus_part(recipient);
        return std::any_of(addresses.begin(), addresses.end(),
                           [&](const std::string& own) { return equal_ignoring_case(own, bare); });
    });
}

class mail_connector final : public channel::connector {
public:
    explicit mail_connector(mail_settings settings) : settings_(std::move(settings)) {}

    channel_kind kind() const override { return channel_kind::email; }

    channel::abilities can() const override { return mail_abilities(0); }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (arrived.body.empty()) return refuse(554, "malformed", "5.6.0 the message is empty");
        if (!is_for_us(settings_.ours.addresses, arrived.envelope_to))
            return refuse(550, "wrong_recipient", "5.1.1 no such mailbox here");
        auto parsed = parse(arrived.body, settings_.allowed);
        if (!parsed) {
            const bool large = parsed.error().code == errc::too_large;
            return refuse(large ? 552 : 554, large ? "too_large" : "malformed",
                          (large ? "5.3.4 " : "5.6.0 ") + parsed.error().message);
        }
        envelope travelled;
        travelled.to = arrived.envelope_to;
        // A captured message comes without envelope; its Return-Path, if any, has told the parser already.
        if (!arrived.envelope_to.empty()) travelled.from = std::string(arrived.envelope_from);
        auto happened = to_record(std::move(*parsed), travelled, settings_.ours);
        if (happened.at && *happened.at > now + believable_lead) happened.at.reset();
        reception made;
        made.reply.status = 250;
        made.reply.body = "2.0.0 accepted";
        made.records.push_back(std::move(happened));
        return made;
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return reply_call(settings_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_submission(answered);
    }

    std::vector<channel::checkup> checkups(time_point) const override {
        std::vector<channel::checkup> all;
        if (settings_.folder) all.push_back(channel::can_ask("IMAP log-in", *settings_.folder));
        all.push_back(settings_.submission.checkup());
        return all;
    }

private:
    mail_settings settings_;
};

}  // namespace

std::unique_ptr<channel::connector> make_mail_connector(mail_settings settings) {
    return std::make_unique<mail_connector>(std::move(settings));
}

}  // namespace kindred::connectors::mime
