#include "connectors/api/connector.hpp"

#include "connectors/api/payload.hpp"
#include "connectors/api/reply.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/standard_webhook.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

namespace kindred::connectors::api {
namespace {

channel::answer json_answer(unsigned status, std::string body) {
    channel::answer made;
    made.status = status;
    made.body = std::move(body);
    made.content_type = "application/json";
    return made;
}

std::size_t count_of(const channel::request& arrived, std::string_view name) {
    if (arrived.headers == nullptr) return 0;
    return static_cast<std::size_t>(
        std::count_if(arrived.headers->begin(), arrived.headers->end(),
                      [&](const channel::header& each) { return equal_ignoring_case(each.first, name); }));
}

class api_connector final : public channel::connector {
public:
    explicit api_connector(channel::options& settings)
        : tokens_(settings.secrets("token")),
          callback_{settings.address("callback_url", ""), settings.secrets("callback_secret")} {}

    channel_kind kind() const override { return channel_kind::api; }

    channel::abilities can() const override { return channel::standard_webhook_abilities(); }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        if (auto refused = refuse_unless_known(arrived)) return std::move(*refused);
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        const auto key = arrived.single_header("idempotency-key");
        // Twice or empty, it would silently not protect from doing things twice.
        if (!key && count_of(arrived, "idempotency-key") > 0)
            return channel::malformed("Idempotency-Key: wants one value");
        auto happened = parse(arrived.body, key.value_or(""));
        if (!happened) return channel::malformed(happened.error().message);
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        auto made = channel::accept(std::move(records));
        made.reply = json_answer(202, R"({"status":"accepted"})");
        made.when = channel::answer_after::decision;
        return made;
    }

    channel::answer answer_for(const channel::record&, const channel::situation& now) const override {
        json::writer body;
        body.begin_object().member("status", "accepted").member_if("ticket", now.ticket).member_if("queue", now.queue);
        return json_answer(202, body.end_object().take());
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return reply_call(callback_, message);
    }

    std::vector<channel::checkup> checkups(time_point) const override {
        return {channel::cannot_ask("callback",
                                    callback_.url.empty()
                                        ? "answers go nowhere: set callback_url"
                                        : "whoever takes answers at callback_url knows no question without an effect")};
    }

private:
    /// Either the engine has checked an API token, or the request carries the channel's own.
    std::optional<channel::reception> refuse_unless_known(const channel::request& arrived) const {
        if (arrived.authenticated) return std::nullopt;
        if (tokens_.empty()) return channel::reception::refuse(403, "not_configured");
        constexpr std::string_view scheme = "Bearer ";
        const auto given = arrived.single_header("authorization");
        if (!given || !given->starts_with(scheme)) return channel::reception::refuse(401, "missing_signature");
        if (!channel::is_one_of(tokens_, given->substr(scheme.size())))
            return channel::reception::refuse(403, "wrong_signature");
        return std::nullopt;
    }

    std::vector<std::string> tokens_;
    callback callback_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<api_connector>(settings);
}

}  // namespace kindred::connectors::api
