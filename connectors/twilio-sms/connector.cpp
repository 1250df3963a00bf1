#include "connectors/twilio-sms/connector.hpp"

#include "connectors/twilio-sms/payload.hpp"
#include "engine/channel/twilio.hpp"
#include "engine/channel/twilio_message.hpp"

#include <array>

namespace kindred::connectors::twilio_sms {
namespace {

/// twilio.com/docs/messaging/guides/accepted-mime-types: pictures are fitted to the network, the rest must be small.
/// Only numbers of the USA and Canada carry files (MMS).
constexpr std::array<channel::file_limit, 9> file_limits{{{"image/jpeg", 5'000'000},
                                                          {"image/png", 5'000'000},
                                                          {"image/gif", 5'000'000},
                                                          {"image/*", 500'000},
                                                          {"audio/*", 500'000},
                                                          {"video/*", 500'000},
                                                          {"application/pdf", 500'000},
                                                          {"text/vcard", 500'000},
                                                          {"text/calendar", 500'000}}};

class twilio_sms_connector final : public channel::connector {
public:
    explicit twilio_sms_connector(channel::options& settings)
        : auth_tokens_(settings.secrets("auth_token")), account_(channel::twilio_account_of(settings, auth_tokens_)) {}

    channel_kind kind() const override { return channel_kind::social; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {1600, channel::text_unit::code_points};
        made.files = true;
        made.files_by_link = true;
        made.file_limits = file_limits;
        return made;
    }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        const auto verified = channel::verified_twilio_message(arrived, auth_tokens_, account_.account_sid);
        if (const auto* refused = std::get_if<channel::reception>(&verified)) return *refused;
        auto happened = parse(std::get<channel::form>(verified));
        if (!happened) return channel::malformed(happened.error().message);
        return channel::accept_twilio_message(std::move(*happened));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return channel::twilio_message_call(account_, {}, message);
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point now) const override {
        return channel::twilio_media_call(account_, connector::fetch(file, now));
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return channel::judge_twilio_message(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override {
        return {channel::twilio_account_checkup(account_)};
    }
    channel::checkup_result read_checkup(const channel::checkup& asked,
                                         const channel::provider_answer& answered) const override {
        return channel::read_twilio_checkup(answered, connector::read_checkup(asked, answered));
    }

private:
    std::vector<std::string> auth_tokens_;
    channel::twilio_account account_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<twilio_sms_connector>(settings);
}

}  // namespace kindred::connectors::twilio_sms
