#include "connectors/instagram/connector.hpp"

#include "connectors/instagram/payload.hpp"
#include "connectors/instagram/reply.hpp"
#include "engine/channel/meta.hpp"
#include "engine/channel/meta_messaging.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::instagram {
namespace {

class instagram_connector final : public channel::connector {
public:
    explicit instagram_connector(channel::options& settings)
        : app_secrets_(settings.secrets("app_secret")),
          verify_tokens_(settings.secrets("verify_token")),
          account_{settings.address("api_base", "https://graph.instagram.com"), settings.text("api_version", "v21.0"),
                   settings.text("account_id"), settings.text("access_token"), settings.yes_no("human_agent", false)} {}

    channel_kind kind() const override { return channel_kind::social; }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        if (!arrived.subpath.empty()) return channel::reception::refuse(404, "unknown_path");
        if (arrived.method == "GET") return channel::meta_handshake(arrived, verify_tokens_);
        if (auto refused = channel::refuse_unless_meta(arrived, app_secrets_)) return std::move(*refused);
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto records = parse(arrived.body, account_.account_id);
        if (!records) return channel::malformed(records.error().message);
        return channel::accept(std::move(*records));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return channel::judge_graph_answer("Instagram", answered, connector::judge(answered));
    }

private:
    std::vector<std::string> app_secrets_;
    std::vector<std::string> verify_tokens_;
    account account_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<instagram_connector>(settings);
}

}  // namespace kindred::connectors::instagram
