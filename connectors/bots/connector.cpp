#include "connectors/bots/connector.hpp"

#include "connectors/bots/answer.hpp"
#include "connectors/bots/payload.hpp"
#include "connectors/bots/reply.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/basic_auth.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/standard_webhook.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::bots {
namespace {

using channel::reception;

bot_rules rules_in(channel::options& settings) {
    bot_rules made;
    made.channel_name = settings.channel();
    const auto written = settings.text("format", "any");
    for (const auto each : {format::dialogflow_cx, format::rasa, format::generic})
        if (written == name_of(each)) made.only = each;
    if (!made.only && written != "any")
        settings.complain("format", "wants any, dialogflow-cx, rasa or generic, not \"" + written + "\"");
    made.actions = settings.list("actions");
    if (made.actions.empty()) made.actions = {"action_handoff", "action_human_handoff", "action_hand_over"};
    made.tags = settings.list("tags");
    return made;
}

answer_route route_in(channel::options& settings) {
    answer_route made;
    made.rasa_base = settings.address("api_base", "");
    made.rasa_token = settings.text("rasa_token");
    made.callback_url = settings.address("callback_url", "");
    for (const auto& written : settings.secrets("callback_secret")) {
        if (auto key = channel::standard_webhook_secret(written))
            made.callback_keys.push_back(std::move(*key));
        else
            settings.complain("callback_secret", "wants whsec_ and base64");
    }
    return made;
}

/// What a bot may prove itself by: bots can send fixed headers or credentials, few can sign.
struct proofs {
    std::vector<std::string> tokens;
    std::vector<std::string> credentials;
    channel::standard_webhook_keys keys;
};

/// "Authorization: Bearer <token>", else the parameter `token`, which is what Rasa adds to the address.
std::optional<std::string> token_in(const channel::request& arrived) {
    constexpr std::string_view scheme = "bearer ";
    if (const auto given = arrived.single_header("authorization"))
        return equal_ignoring_case(given->substr(0, scheme.size()), scheme)
                   ? std::optional<std::string>(trim(given->substr(scheme.size())))
                   : std::nullopt;
    return arrived.query_parameter("token");
}

class bots_connector final : public channel::connector {
public:
    explicit bots_connector(channel::options& settings)
        : proofs_{settings.secrets("token"), settings.secrets("basic_auth"),
                  channel::standard_webhook_keys_in(settings, "whsec", "whpk")},
          tolerance_(settings.span("tolerance", std::chrono::minutes{5})),
          rules_(rules_in(settings)),
          texts_(settings),
          slot_(settings.text("slot", "handed_off")),
          route_(route_in(settings)) {
        for (const auto& each : proofs_.credentials)
            if (each.find(':') == std::string::npos) settings.complain("basic_auth", "wants user:password");
    }

    channel_kind kind() const override { return channel_kind::chat; }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (!arrived.subpath.empty()) return reception::refuse(404, "unknown_path");
        if (auto refused = refuse_unless_proven(arrived, now)) return std::move(*refused);
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto read = parse(arrived.body, rules_);
        if (!read) return channel::malformed(read.error().message);
        const bool ours = read->happened.kind != channel::record_kind::ignored;
        reception made;
        made.reply = ours ? handover_answer(read->bot, texts_.in(read->happened.locale), slot_, {})
                          : not_ours(read->bot, read->action);
        // The bot waits for its answer, and wants to hear where the customer stands.
        made.when = ours ? channel::answer_after::decision : channel::answer_after::ingest;
        made.records.push_back(std::move(read->happened));
        return made;
    }

    channel::answer answer_for(const channel::record& about, const channel::situation& now) const override {
        auto bot = format::generic;
        for (const auto& each : about.details)
            for (const auto known : {format::dialogflow_cx, format::rasa})
                if (each.name == "bot" && each.json == json::literal(name_of(known))) bot = known;
        return handover_answer(bot, texts_.in(about.locale), slot_, now);
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return reply_call(route_, message);
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {route_checkup(route_)}; }

private:
    std::optional<reception> refuse_unless_proven(const channel::request& arrived, time_point now) const {
        const bool signs = !proofs_.keys.secrets.empty() || !proofs_.keys.public_keys.empty();
        if (signs && arrived.single_header("webhook-signature"))
            return channel::refuse_unless_standard_webhook(arrived, proofs_.keys, tolerance_, now);
        if (!proofs_.tokens.empty()) {
            const auto given = token_in(arrived);
            if (given && channel::is_one_of(proofs_.tokens, *given)) return std::nullopt;
            if (proofs_.credentials.empty())
                return given ? reception::refuse(403, "wrong_signature") : reception::refuse(401, "missing_signature");
        }
        if (!proofs_.credentials.empty()) return channel::refuse_unless_basic_auth(arrived, proofs_.credentials);
        return signs ? reception::refuse(401, "missing_signature") : reception::refuse(403, "not_configured");
    }

    proofs proofs_;
    duration tolerance_;
    bot_rules rules_;
    handover_texts texts_;
    std::string slot_;
    answer_route route_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<bots_connector>(settings);
}

}  // namespace kindred::connectors::bots
