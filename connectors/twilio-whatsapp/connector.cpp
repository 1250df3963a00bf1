#include "connectors/twilio-whatsapp/connector.hpp"

#include "connectors/twilio-whatsapp/payload.hpp"
#include "engine/channel/twilio.hpp"
#include "engine/channel/twilio_message.hpp"

#include <array>

namespace kindred::connectors::twilio_whatsapp {
namespace {

/// twilio.com/docs/whatsapp/guidance-whatsapp-media-messages, "Message Size Limits" and "Supported MIME Types" (read
/// 2026-11-28): 16 MB, pictures 5 MB, one file a message. Contact cards are left out: nobody answers with one.
constexpr std::array<channel::file_limit, 14> file_limits{
    {{"image/jpeg", 5'000'000},
     {"image/png", 5'000'000},
     {"image/webp", 5'000'000},
     {"audio/ogg", 16'000'000},
     {"audio/amr", 16'000'000},
     {"audio/3gpp", 16'000'000},
     {"audio/aac", 16'000'000},
     {"audio/mpeg", 16'000'000},
     {"video/mp4", 16'000'000},
     {"application/pdf", 16'000'000},
     {"application/msword", 16'000'000},
     {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", 16'000'000},
     {"application/vnd.openxmlformats-officedocument.presentationml.presentation", 16'000'000},
     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 16'000'000}}};

class twilio_whatsapp_connector final : public channel::connector {
public:
    explicit twilio_whatsapp_connector(channel::options& settings)
        : auth_tokens_(settings.secrets("auth_token")), account_(channel::twilio_account_of(settings, auth_tokens_)) {
        account_.contents = channel::twilio_contents_of(settings);
    }

    channel_kind kind() const override { return channel_kind::social; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {1600, channel::text_unit::code_points};
        made.files = true;
        made.files_by_link = true;
        made.file_limits = file_limits;
        made.free_text_for = std::chrono::hours{24};
        made.templates = true;
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
        return channel::twilio_message_call(account_, "whatsapp:", message);
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
    return std::make_unique<twilio_whatsapp_connector>(settings);
}

}  // namespace kindred::connectors::twilio_whatsapp
