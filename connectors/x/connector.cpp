#include "connectors/x/connector.hpp"

#include "connectors/x/payload.hpp"
#include "connectors/x/reply.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::x {
namespace {

using channel::reception;

constexpr std::string_view scheme = "sha256=";
constexpr std::size_t longest_challenge = 512;

class x_connector final : public channel::connector {
public:
    explicit x_connector(channel::options& settings)
        : consumer_secrets_(settings.secrets("consumer_secret")),
          account_{
              settings.address("api_base", "https://api.x.com"),
              settings.text("access_token"),
              {settings.text("consumer_key"), consumer_secrets_.empty() ? std::string() : consumer_secrets_.front(),
               settings.text("oauth_token"), settings.text("oauth_token_secret")}} {
        const auto& keys = account_.media;
        const bool begun = !keys.consumer_key.empty() || !keys.token.empty() || !keys.token_secret.empty();
        if (begun && !keys.complete())
            settings.complain("consumer_key", "goes with consumer_secret, oauth_token and oauth_token_secret");
    }

    channel_kind kind() const override { return channel_kind::social; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {10'000, channel::text_unit::code_points};
        return made;
    }

    reception receive(const channel::request& arrived, time_point) const override {
        if (!arrived.subpath.empty()) return reception::refuse(404, "unknown_path");
        if (consumer_secrets_.empty()) return reception::refuse(403, "not_configured");
        if (arrived.method == "GET") return answer_challenge(arrived);
        const auto signature = arrived.single_header("x-twitter-webhooks-signature");
        if (!signature) return reception::refuse(401, "missing_signature");
        const bool genuine = signature->starts_with(scheme) &&
                             channel::is_signed(hash_kind::sha256, channel::digest_form::base64, consumer_secrets_,
                                                {arrived.body}, signature->substr(scheme.size()));
        if (!genuine) return reception::refuse(403, "wrong_signature");
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto happened = parse(arrived.body);
        return happened ? channel::accept(std::move(*happened)) : channel::malformed(happened.error().message);
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message_call(account_, message);
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point now) const override {
        return media_call(account_, file, now);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    /// X asks every now and then whether we still know the secret. The digest of a text that a stranger chose is no
    /// help for signing a body, unless the text is one: so nothing that could be JSON is signed.
    reception answer_challenge(const channel::request& arrived) const {
        const auto token = arrived.query_parameter("crc_token");
        if (!token || token->empty() || token->size() > longest_challenge ||
            token->find_first_of("{}[]\"") != std::string::npos)
            return channel::malformed("crc_token: wants the challenge that X made");
        json::writer body;
        body.begin_object().member(
            "response_token",
            std::string(scheme) + to_base64(hmac_of(hash_kind::sha256, consumer_secrets_.front(), {*token})));
        reception made;
        made.reply.body = body.end_object().take();
        made.reply.content_type = "application/json";
        made.when = channel::answer_after::nothing;
        return made;
    }

    std::vector<std::string> consumer_secrets_;
    account account_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) { return std::make_unique<x_connector>(settings); }

}  // namespace kindred::connectors::x
