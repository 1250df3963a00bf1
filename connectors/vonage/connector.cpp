#include "connectors/vonage/connector.hpp"

#include "connectors/vonage/call_flow.hpp"
#include "connectors/vonage/payload.hpp"
#include "connectors/vonage/reply.hpp"
#include "engine/channel/jwt.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::vonage {
namespace {

using channel::answer_after;
using channel::reception;
using channel::record;
using channel::record_kind;

constexpr std::chrono::minutes usual_window{5};

channel::answer document(std::string ncco) {
    channel::answer made;
    made.body = std::move(ncco);
    made.content_type = "application/json";
    return made;
}

call_flow::settings flow_settings(channel::options& settings) {
    call_flow::settings chosen;
    chosen.base = settings.public_url() + "/webhooks/" + settings.channel();
    chosen.hold_music = settings.text("hold_music");
    chosen.ask_language = settings.yes_no("ask_language", false);
    chosen.ring = settings.span("ring", std::chrono::seconds{20});
    return chosen;
}

account account_of(channel::options& settings) {
    account read{settings.address("api_base", "https://api.nexmo.com"), settings.text("application_id"), {}};
    const auto pem = settings.text("private_key");
    if (!pem.empty() && !(read.key = private_key::from_pem(pem)))
        settings.complain("private_key", "wants the application's RSA key in PEM, as Vonage made it");
    return read;
}

call_name name_of_call(const record& about) { return {about.provider_message_id, about.thread}; }

class vonage_connector final : public channel::connector {
public:
    explicit vonage_connector(channel::options& settings)
        : secrets_(settings.secrets("signature_secret")),
          api_key_(settings.text("api_key")),
          window_(settings.span("replay_window", usual_window)),
          account_(account_of(settings)),
          flow_(flow_settings(settings), channel::phrase_book(settings)) {}

    channel_kind kind() const override { return channel_kind::phone; }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (auto refused = refuse_unless_vonage(arrived, now)) return std::move(*refused);
        if (!arrived.body.empty())
            if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto happened = parse(arrived.subpath, arrived.body, arrived.query);
        if (!happened)
            return happened.error().code == errc::not_found ? reception::refuse(404, "unknown_path")
                                                            : channel::malformed(happened.error().message);
        return reception_of(std::move(*happened), arrived);
    }

    channel::answer answer_for(const record& about, const channel::situation& now) const override {
        const auto& language = about.locale.empty() ? now.language : about.locale;
        switch (about.kind) {
            case record_kind::call:
                return document(now.queue_open ? flow_.first_answer(language, name_of_call(about))
                                               : flow_.closed(language));
            case record_kind::ivr_input: return document(flow_.greet(language, name_of_call(about)));
            default: return document("[]");
        }
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return transfer_call(account_, flow_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

private:
    std::optional<reception> refuse_unless_vonage(const channel::request& arrived, time_point now) const {
        constexpr std::string_view scheme = "Bearer ";
        if (secrets_.empty()) return reception::refuse(403, "not_configured");
        const auto given = arrived.single_header("authorization");
        if (!given || !given->starts_with(scheme)) return reception::refuse(401, "missing_signature");
        const auto claims = channel::verified_claims(given->substr(scheme.size()), secrets_);
        if (!claims) return reception::refuse(403, "wrong_signature");
        // The token covers the body only through this claim: without it, any body could follow a token once seen.
        if (!arrived.body.empty() &&
            !equal_secrets(channel::sha256_hex(arrived.body), (*claims)["payload_hash"].text()))
            return reception::refuse(403, "wrong_signature");
        if (!api_key_.empty() && (*claims)["api_key"].text() != api_key_)
            return reception::refuse(403, "wrong_account");
        return refuse_unless_fresh(claims->root(), now);
    }

    std::optional<reception> refuse_unless_fresh(json::value claims, time_point now) const {
        const auto issued = claims["iat"].integer();
        const auto at = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
        const auto window = std::chrono::floor<std::chrono::seconds>(window_).count();
        if (!issued || *issued < at - window || *issued > at + window) return reception::refuse(403, "stale");
        const auto expires = claims["exp"].integer();
        if (expires && *expires <= at) return reception::refuse(403, "stale");
        return std::nullopt;
    }

    /// Each answer is good on its own: it is what the caller hears when the engine has nothing better in time.
    reception reception_of(record happened, const channel::request& arrived) const {
        reception made;
        switch (happened.kind) {
            case record_kind::call:
                made.reply = document(flow_.greet({}, name_of_call(happened)));
                made.when = answer_after::decision;
                break;
            case record_kind::ivr_input:
                for (const auto& each : happened.details)
                    if (each.name == "digits")
                        happened.locale = flow_.book().language_of_key(each.json.substr(1, each.json.size() - 2));
                made.reply = document(flow_.greet(happened.locale, name_of_call(happened)));
                made.when = answer_after::nothing;
                break;
            case record_kind::queue_result: made.reply = answer_about_agent(happened, arrived); break;
            default: made.reply.status = 204;
        }
        made.records.push_back(std::move(happened));
        return made;
    }

    channel::answer answer_about_agent(const record& happened, const channel::request& arrived) const {
        const auto call = arrived.query_parameter("call").value_or(happened.provider_message_id);
        channel::answer made;
        made.status = 204;
        for (const auto& each : happened.details)
            if (each.name == "agent_answered") return document(flow_.unanswered({}, {call, happened.thread}));
        return made;
    }

    std::vector<std::string> secrets_;
    std::string api_key_;
    duration window_;
    account account_;
    call_flow flow_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<vonage_connector>(settings);
}

}  // namespace kindred::connectors::vonage
