#include "connectors/whatsapp/connector.hpp"

#include "connectors/whatsapp/payload.hpp"
#include "connectors/whatsapp/reply.hpp"
#include "engine/channel/meta.hpp"

#include <array>

namespace kindred::connectors::whatsapp {
namespace {

/// developers.facebook.com/docs/whatsapp, "Supported media types"; what is none of these goes as a document.
constexpr std::array<channel::file_limit, 9> file_limits{{{"image/jpeg", 5'000'000},
                                                          {"image/png", 5'000'000},
                                                          {"video/mp4", 16'000'000},
                                                          {"video/3gpp", 16'000'000},
                                                          {"audio/aac", 16'000'000},
                                                          {"audio/mp4", 16'000'000},
                                                          {"audio/mpeg", 16'000'000},
                                                          {"audio/ogg", 16'000'000},
                                                          {"*", 100'000'000}}};

class whatsapp_connector final : public channel::connector {
public:
    explicit whatsapp_connector(channel::options& settings)
        : app_secrets_(settings.secrets("app_secret")),
          verify_tokens_(settings.secrets("verify_token")),
          account_{settings.address("api_base", "https://graph.facebook.com"), settings.text("api_version", "v25.0"),
                   settings.text("phone_number_id"), settings.text("access_token")} {}

    channel_kind kind() const override { return channel_kind::social; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {4096, channel::text_unit::code_points};
        made.free_text_for = std::chrono::hours{24};
        made.templates = true;
        made.files = true;
        made.files_by_link = true;
        made.file_limits = file_limits;
        return made;
    }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        return channel::receive_from_meta(arrived, app_secrets_, verify_tokens_, [this](std::string_view body) {
            return parse(body, account_.phone_number_id);
        });
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point) const override {
        return media_call(account_, file.media_id);
    }
    result<std::optional<channel::provider_call>> fetch_further(
        const channel::attachment&, const channel::provider_answer& answered) const override {
        return media_bytes_call(account_, answered.body);
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    std::vector<std::string> app_secrets_;
    std::vector<std::string> verify_tokens_;
    account account_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<whatsapp_connector>(settings);
}

}  // namespace kindred::connectors::whatsapp
