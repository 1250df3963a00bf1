#include "connectors/vonage/connector.hpp"

#include "connectors/vonage/call_flow.hpp"
#include "connectors/vonage/payload.hpp"
#include "connectors/vonage/reply.hpp"
#include "connectors/vonage/signed_ticket.hpp"
#include "engine/channel/call_recording.hpp"
#include "engine/channel/jwt.hpp"
#include "engine/channel/phone_key.hpp"
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

call_flow flow_of(channel::options& settings, const channel::call_recording& recording) {
    call_flow::settings chosen;
    chosen.base = settings.public_url() + "/webhooks/" + settings.channel();
    chosen.hold_music = settings.text("hold_music");
    chosen.ask_language = settings.yes_no("ask_language", false);
    chosen.ring = settings.span("ring", std::chrono::seconds{20});
    chosen.callback_key = channel::phone_key(settings, "callback_key");
    chosen.voicemail_key = channel::phone_key(settings, "voicemail_key");
    chosen.voicemail_when_closed = settings.yes_no("voicemail_when_closed", false);
    chosen.longest_message = settings.span("longest_message", std::chrono::minutes{2});
    if (!chosen.callback_key.empty() && chosen.callback_key == chosen.voicemail_key)
        settings.complain("voicemail_key", "is callback_key: one key can do one thing");
    chosen.records = recording.consent;
    chosen.agree_key = recording.agree_key;
    const bool takes_messages = chosen.voicemail_when_closed || !chosen.voicemail_key.empty();
    channel::phrase_book book(
        settings, {!chosen.callback_key.empty(), takes_messages, recording.consent == channel::recording_consent::told,
                   recording.consent == channel::recording_consent::asked});
    return {std::move(chosen), std::move(book)};
}

std::string digits_of(const record& happened) {
    for (const auto& each : happened.details)
        if (each.name == "digits") return each.json.substr(1, each.json.size() - 2);
    return {};
}

bool wants_callback(const record& about) {
    for (const auto& each : about.details)
        if (each.name == "wants") return each.json == "\"callback\"";
    return false;
}

account account_of(channel::options& settings) {
    account read{settings.address("api_base", "https://api.nexmo.com"),
                 settings.text("application_id"),
                 {},
                 settings.text("number")};
    if (!read.number.empty() && !is_number(read.number))
        settings.complain("number", "wants a number with its country: +447700900000");
    const auto pem = settings.text("private_key");
    if (pem.empty()) return read;
    read.key = private_key::from_pem(pem);
    if (!read.key) settings.complain("private_key", "wants the application's RSA key in PEM, as Vonage made it");
    return read;
}

call_flow::place place_of(const record& about, std::string_view language, std::string_view queue) {
    return {language, queue, about.provider_message_id, about.thread, about.from};
}

class vonage_connector final : public channel::connector {
public:
    explicit vonage_connector(channel::options& settings)
        : secrets_(settings.secrets("signature_secret")),
          api_key_(settings.text("api_key")),
          window_(settings.span("replay_window", usual_window)),
          account_(account_of(settings)),
          recording_(channel::call_recording_of(settings)),
          flow_(flow_of(settings, recording_)) {}

    channel_kind kind() const override { return channel_kind::phone; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {longest_talk, channel::text_unit::code_points};
        return made;
    }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (auto refused = refuse_unless_vonage(arrived, now)) return std::move(*refused);
        if (!arrived.body.empty())
            if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto happened = parse(arrived.subpath, arrived.body, arrived.query);
        if (!happened)
            return happened.error().code == errc::not_found ? reception::refuse(404, "unknown_path")
                                                            : channel::malformed(happened.error().message);
        const auto query = channel::form::parse(arrived.query);
        if (happened->kind != record_kind::call) happened->locale = query["language"];
        const bool begins = happened->kind == record_kind::call || happened->kind == record_kind::ivr_input;
        if (flow_.asks_first() && begins) return menu(std::move(*happened), query);
        if (happened->kind == record_kind::call && recording_.consent == channel::recording_consent::told)
            happened->add_detail("recording_consent", json::literal("told"));
        const bool of_a_talk = arrived.subpath == "/recording" || arrived.subpath == "/picked-up";
        if (of_a_talk) happened->ticket = ticket_in(query["ticket"], secrets_);
        if (arrived.subpath == "/recording") note_time(*happened);
        if (arrived.subpath == "/picked-up") return picked_up(std::move(*happened), query);
        return reception_of(std::move(*happened), query);
    }

    channel::answer answer_for(const record& about, const channel::situation& now) const override {
        const auto& language = about.locale.empty() ? now.language : about.locale;
        const auto at = place_of(about, language, now.queue);
        switch (about.kind) {
            case record_kind::call:
                if (now.queue_open) return document(flow_.greet(at));
                // A message needs somebody who will find it: a ticket that waits for the queue to open.
                if (flow_.how().voicemail_when_closed && now.position > 0)
                    return document(flow_.closed_with_message(at));
                return document(flow_.closed(language));
            case record_kind::ivr_input:
                return document(wants_callback(about) ? flow_.promise_callback(language) : flow_.greet(at));
            case record_kind::queue_wait: return document(flow_.wait(at, now.position, now.estimated_wait, now.notice));
            default: return document("[]");
        }
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        const auto about = secrets_.empty() || message.ticket.empty() ? std::string()
                                                                      : signed_ticket(secrets_.front(), message.ticket);
        return transfer_call(account_, flow_, message, about);
    }

    result<std::optional<channel::provider_call>> deliver_further(
        const channel::outgoing& message, std::span<const channel::provider_answer> answered) const override {
        return further_call(account_, flow_, message, answered.size());
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point now) const override {
        return recording_call(account_, file, now);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point now) const override { return {account_checkup(account_, now)}; }

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

    /// Somebody whom we called hears that the talk is recorded, or is asked; any key but the one that agrees is no
    /// consent.
    reception picked_up(record happened, const channel::form& query) const {
        const call_flow::place at{happened.locale, {}, {}, {}, {}, {}, query["ticket"]};
        const bool asks = recording_.consent == channel::recording_consent::asked;
        if (asks && query["step"] != "consent")
            return question(channel::ignored("menu", happened.event_id), flow_.picked_up(at));
        const bool agreed = asks && digits_of(happened) == flow_.how().agree_key;
        reception made;
        made.reply = document(asks ? flow_.after_question(agreed, at) : flow_.picked_up(at));
        if (recording_.consent != channel::recording_consent::none) {
            happened.add_detail("recording_consent", json::literal(!asks ? "told" : agreed ? "given" : "refused"));
            happened.add_detail("recorded_call", json::literal(happened.provider_message_id));
            if (!asks || agreed) happened.add_detail("recording_begun", "true");
        }
        made.records.push_back(std::move(happened));
        return made;
    }

    /// How long the sound of a talk is kept.
    void note_time(record& happened) const {
        if (!recording_.keep_for) return;
        const auto span = std::chrono::floor<std::chrono::seconds>(*recording_.keep_for);
        happened.add_detail("keep_for_s", std::to_string(span.count()));
    }

    static reception question(record happened, std::string ncco) {
        reception made;
        made.reply = document(std::move(ncco));
        made.when = answer_after::nothing;
        made.records.push_back(std::move(happened));
        return made;
    }

    /// A call becomes a contact once its menus are done: language and topic decide where it goes.
    reception menu(record happened, const channel::form& query) const {
        const auto step = query["step"];
        const auto digits = digits_of(happened);
        const auto asked = [&] { return channel::ignored("menu", happened.event_id); };
        if (happened.kind == record_kind::call && flow_.asks_language())
            return question(asked(), flow_.language_menu());
        if (step == "language") happened.locale = flow_.book().language_of_key(digits);
        if (step != "topic" && step != "consent" && flow_.book().has_topics())
            return question(asked(), flow_.topic_menu({happened.locale, {}, {}, {}, {}}));
        const std::string topic(step == "topic" ? flow_.book().topic_of_key(digits) : query["topic"]);
        if (flow_.asks_consent() && step != "consent")
            return question(asked(), flow_.consent_menu({happened.locale, {}, {}, {}, {}}, topic));
        // Silence, or any other key, is no consent.
        const auto* consent = flow_.asks_consent() ? (digits == flow_.how().agree_key ? "given" : "refused") : "told";
        if (happened.kind != record_kind::call) {
            happened.details.clear();
            happened.text.reset();
            (void)read_call({}, happened);
        }
        if (!topic.empty()) happened.add_detail("intent", json::literal(topic));
        if (recording_.consent != channel::recording_consent::none)
            happened.add_detail("recording_consent", json::literal(consent));
        return reception_of(std::move(happened), query);
    }

    /// A round of waiting, and the key that was pressed in it. Any other than those on offer changes nothing.
    reception round(record happened, std::string_view queue) const {
        const auto& how = flow_.how();
        const auto digits = digits_of(happened);
        const auto at = place_of(happened, happened.locale, queue);
        if (!how.voicemail_key.empty() && digits == how.voicemail_key)
            return question(channel::ignored("menu", happened.event_id), flow_.take_message(at));
        auto next = flow_.wait(at, 0, {});
        if (how.callback_key.empty() || digits != how.callback_key || happened.from.size() < 8 ||
            happened.from.front() != '+')
            return question(std::move(happened), std::move(next));
        happened.kind = record_kind::ivr_input;
        happened.add_detail("wants", json::literal("callback"));
        happened.event_id = channel::event_id({"callback", happened.thread});
        reception made;
        made.reply = document(std::move(next));
        made.when = answer_after::decision;
        made.records.push_back(std::move(happened));
        return made;
    }

    /// Each answer is good on its own: it is what the caller hears when the engine has nothing better in time.
    reception reception_of(record happened, const channel::form& query) const {
        reception made;
        switch (happened.kind) {
            case record_kind::call:
                made.reply = document(flow_.greet(place_of(happened, happened.locale, {})));
                made.when = answer_after::decision;
                break;
            case record_kind::ivr_input:
                if (const auto chosen = flow_.book().language_of_key(digits_of(happened)); !chosen.empty())
                    happened.locale = chosen;
                made.reply = document(flow_.greet(place_of(happened, happened.locale, query["queue"])));
                made.when = answer_after::nothing;
                break;
            case record_kind::queue_wait: return round(std::move(happened), query["queue"]);
            case record_kind::queue_result: made.reply = answer_about_agent(happened, query); break;
            default: made.reply.status = 204;
        }
        made.records.push_back(std::move(happened));
        return made;
    }

    channel::answer answer_about_agent(const record& happened, const channel::form& query) const {
        const auto call = query["call"].empty() ? std::string_view(happened.provider_message_id) : query["call"];
        channel::answer made;
        made.status = 204;
        if (!query["back"].empty()) return made;  // nobody is on the line but the agent
        for (const auto& each : happened.details)
            if (each.name == "agent_answered")
                return document(
                    flow_.unanswered({happened.locale, query["queue"], call, happened.thread, happened.from}));
        return made;
    }

    std::vector<std::string> secrets_;
    std::string api_key_;
    duration window_;
    account account_;
    channel::call_recording recording_;
    call_flow flow_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<vonage_connector>(settings);
}

}  // namespace kindred::connectors::vonage
