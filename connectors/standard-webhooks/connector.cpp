#include "connectors/standard-webhooks/connector.hpp"

#include "connectors/standard-webhooks/payload.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/standard_webhook.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::standard_webhooks {
namespace {

/// What the libraries of Standard Webhooks allow.
constexpr std::chrono::minutes usual_tolerance{5};
constexpr unsigned gone = 410;

std::vector<std::string> contact_types_in(channel::options& settings) {
    auto types = settings.list("contact_types");
    if (types.empty()) types = {"contact.created", "message.created"};
    return types;
}

std::vector<std::string> callback_keys_in(channel::options& settings) {
    std::vector<std::string> keys;
    for (const auto& written : settings.secrets("callback_secret")) {
        if (auto key = channel::standard_webhook_secret(written))
            keys.push_back(std::move(*key));
        else
            settings.complain("callback_secret", "wants whsec_ and base64");
    }
    return keys;
}

class standard_webhooks_connector final : public channel::connector {
public:
    explicit standard_webhooks_connector(channel::options& settings)
        : keys_(channel::standard_webhook_keys_in(settings, "whsec", "whpk")),
          tolerance_(settings.span("tolerance", usual_tolerance)),
          contact_types_(contact_types_in(settings)),
          callback_url_(settings.address("callback_url", "")),
          callback_keys_(callback_keys_in(settings)) {
        if (callback_keys_.empty()) callback_keys_ = keys_.secrets;
    }

    channel_kind kind() const override { return channel_kind::api; }

    channel::abilities can() const override { return channel::standard_webhook_abilities(); }

    channel::reception receive(const channel::request& arrived, time_point now) const override {
        if (!arrived.subpath.empty()) return channel::reception::refuse(404, "unknown_path");
        if (auto refused = channel::refuse_unless_standard_webhook(arrived, keys_, tolerance_, now))
            return std::move(*refused);
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto happened = parse(arrived.body, arrived.single_header("webhook-id").value_or(""), contact_types_);
        if (!happened) return channel::malformed(happened.error().message);
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        return channel::accept(std::move(records));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        if (callback_url_.empty()) return fail(errc::invalid, "answers to this channel go nowhere: set callback_url");
        if (callback_keys_.empty()) return fail(errc::invalid, "answers cannot be signed: set callback_secret");
        return channel::standard_webhook_reply(callback_url_, callback_keys_, message);
    }

    /// 410 says that nobody wants these calls any more: no use in trying again. A redirect is a failure.
    channel::delivery judge(const channel::provider_answer& answered) const override {
        auto outcome = connector::judge(answered);
        if (answered.status == gone) outcome.reason = "the receiver wants no more calls (410): remove callback_url";
        return outcome;
    }

    std::vector<channel::checkup> checkups(time_point) const override {
        return {channel::cannot_ask("callback",
                                    callback_url_.empty()
                                        ? "answers go nowhere: set callback_url"
                                        : "whoever takes answers at callback_url knows no question without an effect")};
    }

private:
    channel::standard_webhook_keys keys_;
    duration tolerance_;
    std::vector<std::string> contact_types_;
    std::string callback_url_;
    std::vector<std::string> callback_keys_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<standard_webhooks_connector>(settings);
}

}  // namespace kindred::connectors::standard_webhooks
