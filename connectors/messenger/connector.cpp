#include "connectors/messenger/connector.hpp"

#include "connectors/messenger/payload.hpp"
#include "connectors/messenger/reply.hpp"
#include "engine/channel/meta.hpp"
#include "engine/channel/meta_messaging.hpp"

#include <array>

namespace kindred::connectors::messenger {
namespace {

/// developers.facebook.com/docs/messenger-platform/send-messages, "Sending attachments".
constexpr std::array<channel::file_limit, 2> file_limits{{{"image/*", 8'000'000}, {"*", 25'000'000}}};

class messenger_connector final : public channel::connector {
public:
    explicit messenger_connector(channel::options& settings)
        : app_secrets_(settings.secrets("app_secret")),
          verify_tokens_(settings.secrets("verify_token")),
          account_{settings.address("api_base", "https://graph.facebook.com"), settings.text("api_version", "v25.0"),
                   settings.text("page_id"), settings.text("access_token"), settings.yes_no("human_agent", false)},
          profiles_{account_.api_base + '/' + account_.api_version,
                    settings.yes_no("look_up_names", true) ? account_.access_token : std::string(),
                    "first_name,last_name"} {}

    channel_kind kind() const override { return channel_kind::social; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {2000, channel::text_unit::code_points};
        made.files = true;
        made.files_by_link = true;
        made.file_limits = file_limits;
        made.free_text_for = std::chrono::hours{account_.human_agent ? 7 * 24 : 24};
        return made;
    }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        return channel::receive_from_meta(arrived, app_secrets_, verify_tokens_,
                                          [this](std::string_view body) { return parse(body, account_.page_id); });
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return channel::judge_graph_answer("Messenger", answered, connector::judge(answered));
    }

    std::optional<channel::inquiry> who_is(const channel::record& sender) const override {
        return channel::meta_profile_of(profiles_, sender);
    }
    channel::introduction introduced(const identity&, const channel::inquiry_answer& said) const override {
        return channel::meta_introduction(said);
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    std::vector<std::string> app_secrets_;
    std::vector<std::string> verify_tokens_;
    account account_;
    channel::meta_profiles profiles_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<messenger_connector>(settings);
}

}  // namespace kindred::connectors::messenger
