#include "connectors/twilio-voice/connector.hpp"

#include "connectors/twilio-voice/call_flow.hpp"
#include "connectors/twilio-voice/payload.hpp"
#include "connectors/twilio-voice/reply.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/twilio.hpp"

namespace kindred::connectors::twilio_voice {
namespace {

using channel::answer_after;
using channel::record;
using channel::record_kind;

channel::answer document(std::string twiml) {
    channel::answer made;
    made.body = std::move(twiml);
    made.content_type = channel::twiml_media_type;
    return made;
}

/// The text or number of a detail; empty when there is none.
std::string detail_of(const record& about, std::string_view name) {
    for (const auto& each : about.details) {
        if (each.name != name) continue;
        const auto parsed = json::document::parse(each.json);
        return parsed ? parsed->root().text_or_number() : std::string{};
    }
    return {};
}

call_flow::settings flow_settings(channel::options& settings) {
    call_flow::settings chosen;
    chosen.base = settings.public_url() + "/webhooks/" + settings.channel();
    chosen.hold_music = settings.text("hold_music", "https://demo.twilio.com/docs/classic.mp3");
    chosen.ask_language = settings.yes_no("ask_language", false);
    chosen.ring = settings.span("ring", std::chrono::seconds{20});
    return chosen;
}

account account_of(channel::options& settings, const std::vector<std::string>& auth_tokens) {
    return {settings.address("api_base", "https://api.twilio.com"), settings.text("account_sid"),
            auth_tokens.empty() ? std::string{} : auth_tokens.front()};
}

class twilio_voice_connector final : public channel::connector {
public:
    explicit twilio_voice_connector(channel::options& settings)
        : auth_tokens_(settings.secrets("auth_token")),
          account_(account_of(settings, auth_tokens_)),
          flow_(flow_settings(settings), channel::phrase_book(settings)) {}

    channel_kind kind() const override { return channel_kind::phone; }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        const auto verified = channel::verified_twilio_form(arrived, auth_tokens_, account_.account_sid);
        if (const auto* refused = std::get_if<channel::reception>(&verified)) return *refused;
        const auto& fields = std::get<channel::form>(verified);
        auto happened = parse(arrived.subpath, fields);
        if (!happened)
            return happened.error().code == errc::not_found ? channel::reception::refuse(404, "unknown_path")
                                                            : channel::malformed(happened.error().message);
        happened->locale = arrived.query_parameter("language").value_or("");
        if (happened->kind == record_kind::ivr_input)
            if (const auto chosen = flow_.language_of_key(fields["Digits"]); !chosen.empty()) happened->locale = chosen;
        return reception_of(std::move(*happened), arrived.query_parameter("queue").value_or(""));
    }

    channel::answer answer_for(const record& about, const channel::situation& now) const override {
        const auto& language = about.locale.empty() ? now.language : about.locale;
        switch (about.kind) {
            case record_kind::call:
                return document(now.queue_open ? flow_.first_answer(language, now.queue) : flow_.closed(language));
            case record_kind::ivr_input: return document(flow_.greet(language, now.queue));
            case record_kind::queue_wait: return document(flow_.wait(language, now.position, now.estimated_wait));
            default: return document(channel::twiml{}.document());
        }
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return redirect_call(account_, flow_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

private:
    /// Each answer is good on its own: it is what the caller hears when the engine has nothing better in time.
    channel::reception reception_of(record happened, const std::string& queue) const {
        channel::reception made;
        switch (happened.kind) {
            case record_kind::call:
                made.reply = document(flow_.come_back(happened.locale));
                made.when = answer_after::decision;
                break;
            case record_kind::ivr_input:
                made.reply = document(flow_.greet(happened.locale, queue));
                made.when = answer_after::nothing;
                break;
            case record_kind::queue_wait: {
                const auto position = channel::number_of(detail_of(happened, "queue_position")).value_or(0);
                made.reply =
                    document(flow_.wait(happened.locale, position > 0 ? static_cast<std::size_t>(position) : 0, {}));
                made.when = answer_after::nothing;
                break;
            }
            case record_kind::queue_result:
                made.reply = document(agent_did_not_answer(detail_of(happened, "result"))
                                          ? flow_.unanswered(happened.locale, queue)
                                          : channel::twiml{}.document());
                break;
            default: made.reply.status = 204;
        }
        made.records.push_back(std::move(happened));
        return made;
    }

    std::vector<std::string> auth_tokens_;
    account account_;
    call_flow flow_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<twilio_voice_connector>(settings);
}

}  // namespace kindred::connectors::twilio_voice
