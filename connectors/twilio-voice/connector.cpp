#include "connectors/twilio-voice/connector.hpp"

#include "connectors/twilio-voice/call_flow.hpp"
#include "connectors/twilio-voice/payload.hpp"
#include "connectors/twilio-voice/reply.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/call_recording.hpp"
#include "engine/channel/phone_key.hpp"
#include "engine/channel/provider_host.hpp"
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
        if (parsed && parsed->root().boolean()) return *parsed->root().boolean() ? "true" : "false";
        return parsed ? parsed->root().text_or_number() : std::string{};
    }
    return {};
}

meeting meeting_of(channel::options& settings) {
    const auto chosen = settings.text("connect", "dial");
    if (chosen == "conference") return meeting::conference;
    if (chosen != "dial") settings.complain("connect", "wants dial or conference");
    return meeting::dial;
}

call_flow::settings flow_settings(channel::options& settings) {
    call_flow::settings chosen;
    chosen.base = settings.public_url() + "/webhooks/" + settings.channel();
    chosen.hold_music = settings.text("hold_music", "https://demo.twilio.com/docs/classic.mp3");
    chosen.ask_language = settings.yes_no("ask_language", false);
    chosen.ring = settings.span("ring", std::chrono::seconds{20});
    chosen.meets = meeting_of(settings);
    chosen.callback_key = channel::phone_key(settings, "callback_key");
    chosen.voicemail_key = channel::phone_key(settings, "voicemail_key");
    chosen.voicemail_when_closed = settings.yes_no("voicemail_when_closed", false);
    chosen.longest_message = settings.span("longest_message", std::chrono::minutes{2});
    if (!chosen.callback_key.empty() && chosen.callback_key == chosen.voicemail_key)
        settings.complain("voicemail_key", "is callback_key: one key can do one thing");
    // What is played to a waiting conference cannot listen to keys.
    if (chosen.meets == meeting::conference && !(chosen.callback_key + chosen.voicemail_key).empty())
        settings.complain("connect",
                          "is conference, where callers cannot press keys: leave out callback_key and "
                          "voicemail_key");
    return chosen;
}

channel::phrase_book phrases_of(channel::options& settings, const call_flow::settings& chosen) {
    const bool takes_messages = chosen.voicemail_when_closed || !chosen.voicemail_key.empty();
    return channel::phrase_book(
        settings, {!chosen.callback_key.empty(), takes_messages, chosen.records == recording_consent::told,
                   chosen.records == recording_consent::asked});
}

call_flow flow_of(channel::options& settings, const channel::call_recording& recording) {
    auto chosen = flow_settings(settings);
    chosen.records = recording.consent;
    chosen.agree_key = recording.agree_key;
    auto book = phrases_of(settings, chosen);
    return {std::move(chosen), std::move(book)};
}

account account_of(channel::options& settings, const std::vector<std::string>& auth_tokens) {
    account read{settings.address("api_base", "https://api.twilio.com"), settings.text("account_sid"),
                 auth_tokens.empty() ? std::string{} : auth_tokens.front(), settings.text("number")};
    if (!read.number.empty() && !is_international_number(read.number))
        settings.complain("number", "wants a number with its country: +525512345678");
    return read;
}

class twilio_voice_connector final : public channel::connector {
public:
    explicit twilio_voice_connector(channel::options& settings)
        : auth_tokens_(settings.secrets("auth_token")),
          account_(account_of(settings, auth_tokens_)),
          recording_(channel::call_recording_of(settings)),
          flow_(flow_of(settings, recording_)) {}

    channel_kind kind() const override { return channel_kind::phone; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {longest_text, channel::text_unit::code_points};
        return made;
    }

    /// Recordings are given to whoever proves to have the account; to no other host goes that proof.
    result<channel::provider_call> fetch(const channel::attachment& file, time_point now) const override {
        auto wanted = connector::fetch(file, now);
        if (wanted && channel::is_below(file.url, account_.api_base)) {
            wanted->user = account_.account_sid;
            wanted->password = account_.auth_token;
        }
        return wanted;
    }

    std::optional<channel::provider_call> forget(const channel::attachment& file, time_point) const override {
        return forget_recording(account_, file);
    }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        const auto verified = channel::verified_twilio_form(arrived, auth_tokens_, account_.account_sid);
        if (const auto* refused = std::get_if<channel::reception>(&verified)) return *refused;
        const auto& fields = std::get<channel::form>(verified);
        const auto query = channel::form::parse(arrived.query);
        if (arrived.subpath == "/hold")
            return question(channel::ignored("hold", channel::event_id({"hold", fields["CallSid"]})),
                            flow_.on_hold({query["language"], {}, {}, {}, {}}));
        auto happened = parse(arrived.subpath, fields, query);
        if (!happened)
            return happened.error().code == errc::not_found ? channel::reception::refuse(404, "unknown_path")
                                                            : channel::malformed(happened.error().message);
        happened->locale = query["language"];
        if (flow_.asks_first() && (arrived.subpath.empty() || arrived.subpath == "/menu"))
            return menu(std::move(*happened), fields, query);
        if (happened->kind == record_kind::ivr_input && arrived.subpath == "/menu")
            if (const auto chosen = flow_.book().language_of_key(fields["Digits"]); !chosen.empty())
                happened->locale = chosen;
        if (happened->kind == record_kind::call && recording_.consent == recording_consent::told)
            happened->add_detail("recording_consent", json::literal("told"));
        if (arrived.subpath == "/recording")
            if (recording_.keep_for && !happened->attachments.empty())
                happened->add_detail(
                    "keep_for_s",
                    std::to_string(std::chrono::floor<std::chrono::seconds>(*recording_.keep_for).count()));
        if (arrived.subpath == "/picked-up") return picked_up(std::move(*happened));
        if (arrived.subpath == "/key") return key(std::move(*happened), fields, query["queue"]);
        return reception_of(std::move(*happened), query["queue"]);
    }

    channel::answer answer_for(const record& about, const channel::situation& now) const override {
        const auto& language = about.locale.empty() ? now.language : about.locale;
        const auto consent = detail_of(about, "recording_consent");
        const call_flow::place at{language, now.queue, about.thread, about.from, {}, consent};
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
            default: return document(channel::twiml{}.document());
        }
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return reach_caller(account_, flow_, message);
    }
    result<std::optional<channel::provider_call>> deliver_further(
        const channel::outgoing& message, std::span<const channel::provider_answer> answered) const override {
        return further_call(account_, flow_, message, answered);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }
    channel::checkup_result read_checkup(const channel::checkup& asked,
                                         const channel::provider_answer& answered) const override {
        return channel::read_twilio_checkup(answered, connector::read_checkup(asked, answered));
    }

private:
    static bool wants_callback(const record& about) { return detail_of(about, "wants") == "callback"; }

    static channel::reception question(record happened, std::string twiml) {
        channel::reception made;
        made.reply = document(std::move(twiml));
        made.when = answer_after::nothing;
        made.records.push_back(std::move(happened));
        return made;
    }

    static channel::reception of_menu(const record& happened, std::string twiml) {
        auto asked = channel::ignored("menu", happened.event_id);
        asked.provider_message_id = happened.provider_message_id;
        return question(std::move(asked), std::move(twiml));
    }

    /// A call becomes a contact once its menus are done: language and topic decide where it goes.
    channel::reception menu(record happened, const channel::form& fields, const channel::form& query) const {
        const auto step = query["step"];
        if (step.empty() && flow_.asks_language()) return of_menu(happened, flow_.language_menu());
        if (step == "language") happened.locale = flow_.book().language_of_key(fields["Digits"]);
        std::string topic(query["topic"]);
        if (step == "topic") topic = flow_.book().topic_of_key(fields["Digits"]);
        const bool has_topic = step == "topic" || step == "consent" || step == "done" || !flow_.book().has_topics();
        if (!has_topic) return of_menu(happened, flow_.topic_menu({happened.locale, {}, {}, {}, {}}));
        std::string consent(query["consent"]);
        if (flow_.asks_consent() && step != "consent" && step != "done")
            return of_menu(happened, flow_.consent_menu({happened.locale, {}, {}, {}, topic}));
        // Silence, or any other key, is no consent.
        if (step == "consent") consent = fields["Digits"] == flow_.how().agree_key ? "given" : "refused";
        if (recording_.consent == recording_consent::told) consent = "told";
        record call;
        call.provider_message_id = happened.provider_message_id;
        call.from = happened.from;
        call.to = happened.to;
        call.thread = happened.thread;
        call.conversation = happened.conversation;
        call.locale = happened.locale;
        read_call(fields, call);
        if (!topic.empty()) call.add_detail("intent", json::literal(topic));
        if (!consent.empty()) call.add_detail("recording_consent", json::literal(consent));
        channel::reception made;
        made.reply = document(flow_.come_back({call.locale, {}, {}, {}, topic, consent}));
        made.when = answer_after::decision;
        made.records.push_back(std::move(call));
        return made;
    }

    /// What a customer whom we called is told or asked, and has answered.
    channel::reception picked_up(record happened) const {
        // A call that an agent began goes on from none: what is asked next is known by the leg that was placed.
        const auto begun_by_call = happened.references.empty() ? std::string_view(happened.thread) : std::string_view();
        const call_flow::place at{happened.locale, {}, begun_by_call, {}, {}};
        const bool answers = happened.status == "consent";
        if (flow_.asks_consent() && !answers) return of_menu(happened, flow_.picked_up(at));
        channel::reception made;
        made.reply = document(answers ? channel::twiml{}.document() : flow_.picked_up(at));
        if (recording_.consent != recording_consent::none) {
            const bool agreed = detail_of(happened, "digits") == flow_.how().agree_key;
            const auto* consent = !answers ? "told" : agreed ? "given" : "refused";
            happened.add_detail("recording_consent", json::literal(consent));
        }
        made.records.push_back(std::move(happened));
        return made;
    }

    /// A key that a waiting caller pressed. Any other than those on offer changes nothing.
    channel::reception key(record happened, const channel::form& fields, std::string_view queue) const {
        const auto digit = fields["Digits"];
        const auto& how = flow_.how();
        const call_flow::place at{happened.locale, queue, {}, {}, {}};
        channel::twiml on_with_waiting;
        on_with_waiting.verb("Redirect", {{"method", "POST"}}, flow_.address("/wait", at));
        if (!how.voicemail_key.empty() && digit == how.voicemail_key)
            return of_menu(happened, channel::twiml{}.verb("Leave").document());
        if (how.callback_key.empty() || digit != how.callback_key || !is_international_number(happened.from))
            return of_menu(happened, on_with_waiting.document());
        happened.add_detail("wants", json::literal("callback"));
        happened.event_id = channel::event_id({"callback", happened.thread});
        channel::reception made;
        made.reply = document(on_with_waiting.document());
        made.when = answer_after::decision;
        made.records.push_back(std::move(happened));
        return made;
    }

    /// Each answer is good on its own: it is what the caller hears when the engine has nothing better in time.
    channel::reception reception_of(record happened, std::string_view queue) const {
        const call_flow::place at{happened.locale, queue, happened.thread, happened.from, {}};
        channel::reception made;
        switch (happened.kind) {
            case record_kind::call:
                made.reply = document(flow_.come_back({}));
                made.when = answer_after::decision;
                break;
            case record_kind::ivr_input: return question(std::move(happened), flow_.greet(at));
            case record_kind::queue_wait: {
                const auto position = channel::number_of(detail_of(happened, "queue_position")).value_or(0);
                auto waits = flow_.wait(at, position > 0 ? static_cast<std::size_t>(position) : 0, {});
                return question(std::move(happened), std::move(waits));
            }
            case record_kind::queue_result: made.reply = after_queue(happened, at); break;
            case record_kind::message: made.reply = document(flow_.thank_for_message(happened.locale)); break;
            default: made.reply.status = 204;
        }
        made.records.push_back(std::move(happened));
        return made;
    }

    channel::answer after_queue(const record& happened, const call_flow::place& at) const {
        // Leaving the queue is what the key for a message does.
        if (detail_of(happened, "result") == "leave") return document(flow_.take_message(at));
        const bool rang_in_vain = detail_of(happened, "agent_answered") == "false";
        const bool ours_is_the_caller = happened.thread == happened.provider_message_id;
        return document(rang_in_vain && ours_is_the_caller ? flow_.unanswered(at) : channel::twiml{}.document());
    }

    std::vector<std::string> auth_tokens_;
    account account_;
    channel::call_recording recording_;
    call_flow flow_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<twilio_voice_connector>(settings);
}

}  // namespace kindred::connectors::twilio_voice
