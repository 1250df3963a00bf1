#include "connectors/twilio-voice/connector.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

#include <map>

namespace kindred::testing {
namespace {

using channel::answer_after;
using channel::record_kind;

const std::string token = "auth token";
const std::string account = "AC" + std::string(32, 'a');
const std::string call_sid = "CA" + std::string(32, '1');
const std::string base = "https://support.example.com/webhooks/case";

using fields = std::map<std::string, std::string>;

const fields call{{"AccountSid", account},
                  {"CallSid", call_sid},
                  {"CallStatus", "ringing"},
                  {"From", "+525512345678"},
                  {"To", "+525550001111"}};

fields with(fields more) {
    more.insert(call.begin(), call.end());
    return more;
}

void sign(recorded_request& request, const std::string& text) {
    set_header(request, "X-Twilio-Signature", to_base64(hmac_of(hash_kind::sha1, token, {text})));
}

recorded_request post(const fields& form, const std::string& path = {}) {
    recorded_request made;
    made.set_url(base + path);
    std::string signed_text = made.url;
    for (const auto& [name, value] : form) {
        made.body += (made.body.empty() ? "" : "&") + encode_percent(name) + "=" + encode_percent(value);
        signed_text += name + value;
    }
    made.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    sign(made, signed_text);
    return made;
}

std::unique_ptr<channel::connector> helpline(std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.end(), {{"auth_token", token}, {"account_sid", account}});
    return connector_with(connectors::twilio_voice::make, more);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

channel::situation waiting(std::size_t position, std::string language) {
    channel::situation now;
    now.ticket = "12";
    now.queue = "sales & \"more\"";
    now.position = position;
    now.language = std::move(language);
    return now;
}

TEST(TwilioVoice, WrongRequestsAreRefusedWithTheirReason) {
    const auto connector = helpline();
    const std::string signature = "X-Twilio-Signature";
    const auto replace = [](recorded_request& r, const fields& form, const std::string& path = {}) {
        r = post(form, path);
    };
    expect_refused(
        *connector, post(call), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature"},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature"},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature"},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature"},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature"},
            {"SHA-256 instead of SHA-1",
             [&](auto& r) { set_header(r, signature, to_base64(hmac_of(hash_kind::sha256, token, {r.url}))); }, 403,
             "wrong_signature"},
            {"hex instead of base64",
             [&](auto& r) { set_header(r, signature, to_hex(*from_base64(*r.view().single_header(signature)))); }, 403,
             "wrong_signature"},
            {"signed with an API key's secret",
             [&](auto& r) { set_header(r, signature, to_base64(hmac_of(hash_kind::sha1, "SK", {r.url}))); }, 403,
             "wrong_signature"},
            {"meant for another address", [](auto& r) { r.url = "https://other.example.com/webhooks/case"; }, 403,
             "wrong_signature"},
            {"a field added", [](auto& r) { r.body += "&Digits=1"; }, 403, "wrong_signature"},
            {"a field twice with another value", [](auto& r) { r.body += "&From=%2B1"; }, 403, "wrong_signature"},
            {"truncated", [](auto& r) { r.body.resize(r.body.size() - 5); }, 403, "wrong_signature"},
            {"JSON without a hash of it in the address",
             [](auto& r) {
                 r.body = "{}";
                 set_header(r, "Content-Type", "application/json");
                 sign(r, r.url);
             },
             415, "wrong_content_type"},
            {"no content type", [](auto& r) { remove_header(r, "Content-Type"); }, 415, "wrong_content_type"},
            {"another account",
             [&](auto& r) {
                 replace(r, with({{"AccountSid", "AC" + std::string(32, 'b')}}));
             },
             403, "wrong_account"},
            {"invalid UTF-8",
             [&](auto& r) {
                 replace(r, with({{"CallerName", "\xFF"}}));
             },
             400, "malformed"},
            {"no call id",
             [&](auto& r) {
                 replace(r, {{"AccountSid", account}, {"From", "+1"}});
             },
             400, "malformed"},
            {"a result without result", [&](auto& r) { replace(r, call, "/after-queue"); }, 400, "malformed"},
            {"an unknown address", [&](auto& r) { replace(r, call, "/inbound"); }, 404, "unknown_path"},
        });
}

TEST(TwilioVoice, WithoutTokenNothingIsAccepted) {
    EXPECT_EQ(connector_with(connectors::twilio_voice::make, {})->receive(post(call).view(), {}).refused,
              "not_configured");
}

TEST(TwilioVoice, ACallWaitsForTheDecisionAndHasAnAnswerUntilThen) {
    const auto received = helpline()->receive(post(call).view(), {});
    EXPECT_EQ(received.when, answer_after::decision);
    EXPECT_TRUE(has(received.reply.body, "<Redirect method=\"POST\">" + base + "</Redirect>")) << received.reply.body;
    ASSERT_EQ(received.records.size(), 1U);
    EXPECT_EQ(received.records[0].event_id, "call:" + call_sid);
    EXPECT_EQ(received.records[0].conversation, "call:" + call_sid);
    const std::vector<identity> wanted{{"phone:+525512345678", proof::proven}};
    EXPECT_EQ(received.records[0].identities, wanted);
}

TEST(TwilioVoice, CallersWithoutANumberAreNobodyElse) {
    for (const std::string from : {"anonymous", "+266696687", "client:ann", "sip:ann@example.com", "unknown", ""}) {
        auto form = call;
        form["From"] = from;
        const auto received = helpline()->receive(post(form).view(), {});
        ASSERT_EQ(received.records.size(), 1U) << from;
        EXPECT_TRUE(received.records[0].identities.empty()) << from;
    }
    const auto forged = helpline()->receive(post(with({{"StirVerstat", "TN-Validation-Failed-B"}})).view(), {});
    EXPECT_EQ(forged.records[0].identities.at(0).proven, proof::claimed);
}

TEST(TwilioVoice, TheCallerIsGreetedInHisLanguageAndQueued) {
    const auto connector = helpline();
    const auto received = connector->receive(post(call).view(), {});
    const auto spanish = connector->answer_for(received.records[0], waiting(1, "es-MX"));
    EXPECT_EQ(spanish.content_type, "text/xml; charset=utf-8");
    EXPECT_TRUE(has(spanish.body, "<Say language=\"es-MX\">Gracias por llamar.")) << spanish.body;
    EXPECT_TRUE(has(spanish.body, "waitUrl=\"" + base + "/wait?language=es&amp;queue=sales%20%26%20%22more%22\""))
        << spanish.body;
    EXPECT_TRUE(has(spanish.body, ">sales &amp; &quot;more&quot;</Enqueue>")) << spanish.body;
    EXPECT_TRUE(has(connector->answer_for(received.records[0], waiting(1, "fr")).body, "Thank you for calling."));
    auto closed = waiting(0, "en");
    closed.queue_open = false;
    EXPECT_TRUE(has(connector->answer_for(received.records[0], closed).body, "We are closed"));
    EXPECT_TRUE(has(connector->answer_for(received.records[0], closed).body, "<Hangup/>"));
}

TEST(TwilioVoice, AskingForTheLanguageComesBeforeTheContact) {
    const auto connector = helpline({{"ask_language", "yes"}});
    const auto asked = connector->receive(post(call).view(), {});
    EXPECT_EQ(asked.when, answer_after::nothing);
    EXPECT_EQ(asked.records.at(0).kind, record_kind::ignored);
    EXPECT_EQ(asked.records.at(0).ignored_because, "menu");
    EXPECT_TRUE(has(asked.reply.body, "<Gather ")) << asked.reply.body;
    EXPECT_TRUE(has(
        asked.reply.body,
        "<Say language=\"en-US\">For English, press 1.</Say><Say language=\"es-MX\">Para español, oprima el 2.</Say>"))
        << asked.reply.body;
    const auto chosen = connector->receive(post(with({{"Digits", "2"}}), "/menu?step=language").view(), {});
    EXPECT_EQ(chosen.when, answer_after::decision);
    EXPECT_EQ(chosen.records.at(0).kind, record_kind::call);
    EXPECT_EQ(chosen.records.at(0).event_id, "call:" + call_sid);
    EXPECT_EQ(chosen.records.at(0).locale, "es");
    EXPECT_TRUE(has(chosen.reply.body, "Un momento")) << chosen.reply.body;
    const auto greeted = connector->answer_for(chosen.records[0], waiting(1, "en")).body;
    EXPECT_TRUE(has(greeted, "Gracias por llamar.")) << greeted;
}

TEST(TwilioVoice, AMenuSaysWhatTheCallIsAbout) {
    const auto connector = helpline({{"ask_language", "yes"},
                                     {"menu", "orders"},
                                     {"menu_orders_en", "For your order, press {digit}."},
                                     {"menu_orders_es", "Para su pedido, oprima el {digit}."}});
    const auto language = connector->receive(post(with({{"Digits", "2"}}), "/menu?step=language").view(), {});
    EXPECT_EQ(language.records.at(0).kind, record_kind::ignored);
    EXPECT_TRUE(has(language.reply.body, "Para su pedido, oprima el 1.")) << language.reply.body;
    EXPECT_TRUE(has(language.reply.body, base + "/menu?language=es&amp;step=topic")) << language.reply.body;
    const auto topic = connector->receive(post(with({{"Digits", "1"}}), "/menu?language=es&step=topic").view(), {});
    ASSERT_EQ(topic.records.at(0).kind, record_kind::call);
    EXPECT_EQ(topic.records[0].locale, "es");
    EXPECT_EQ(topic.records[0].details.back().name, "intent");
    EXPECT_EQ(topic.records[0].details.back().json, "\"orders\"");
    EXPECT_TRUE(has(topic.reply.body, "/menu?language=es&amp;topic=orders&amp;step=done")) << topic.reply.body;
    const auto again = connector->receive(post(call, "/menu?language=es&topic=orders&step=done").view(), {});
    EXPECT_EQ(again.records.at(0).event_id, topic.records[0].event_id);
    EXPECT_EQ(again.records[0].details.back().json, "\"orders\"");
    for (const std::string digits : {"", "9", "11", "#"}) {
        const auto none =
            connector->receive(post(with({{"Digits", digits}}), "/menu?language=es&step=topic").view(), {});
        ASSERT_EQ(none.records.at(0).kind, record_kind::call) << digits;
        for (const auto& each : none.records[0].details) EXPECT_NE(each.name, "intent") << digits;
    }
}

TEST(TwilioVoice, AWaitingCallerCanAskToBeCalledBack) {
    const auto connector = helpline({{"callback_key", "1"}, {"hold_music", ""}});
    const auto asked = connector->receive(post(call, "/wait?language=es&queue=sales").view(), {});
    const auto round = connector->answer_for(asked.records.at(0), waiting(2, "es")).body;
    EXPECT_TRUE(has(round, "<Gather input=\"dtmf\" numDigits=\"1\"")) << round;
    EXPECT_TRUE(has(round, "oprima el 1. Conserva su lugar")) << round;
    EXPECT_TRUE(has(round, "<Pause length=\"20\"/></Gather>")) << round;
    const auto wanted = connector->receive(post(with({{"Digits", "1"}}), "/key?language=es&queue=sales").view(), {});
    EXPECT_EQ(wanted.when, answer_after::decision);
    EXPECT_EQ(wanted.records.at(0).event_id, "callback:" + call_sid);
    const auto promised = connector->answer_for(wanted.records[0], waiting(2, "es")).body;
    EXPECT_TRUE(has(promised, "Le llamaremos")) << promised;
    EXPECT_TRUE(has(promised, "<Hangup/>")) << promised;
    const auto other = connector->receive(post(with({{"Digits", "7"}}), "/key?language=es&queue=sales").view(), {});
    EXPECT_EQ(other.when, answer_after::nothing);
    EXPECT_TRUE(has(other.reply.body, "<Redirect method=\"POST\">" + base + "/wait?language=es&amp;queue=sales<"))
        << other.reply.body;
}

TEST(TwilioVoice, NobodyIsPromisedACallWithoutANumber) {
    const auto connector = helpline({{"callback_key", "1"}});
    auto anonymous = call;
    anonymous["From"] = "anonymous";
    const auto asked = connector->receive(post(anonymous, "/wait").view(), {});
    EXPECT_FALSE(has(connector->answer_for(asked.records.at(0), waiting(1, "en")).body, "<Gather"));
    anonymous["Digits"] = "1";
    const auto wanted = connector->receive(post(anonymous, "/key").view(), {});
    EXPECT_EQ(wanted.when, answer_after::nothing);
    EXPECT_TRUE(has(wanted.reply.body, "<Redirect"));
}

TEST(TwilioVoice, AMessageIsTakenByKeyAndWhenClosed) {
    const auto connector =
        helpline({{"voicemail_key", "2"}, {"voicemail_when_closed", "yes"}, {"longest_message", "90s"}});
    const auto wanted = connector->receive(post(with({{"Digits", "2"}}), "/key?language=en&queue=sales").view(), {});
    EXPECT_TRUE(has(wanted.reply.body, "<Response><Leave/></Response>")) << wanted.reply.body;
    const auto left =
        connector->receive(post(with({{"QueueResult", "leave"}}), "/after-queue?language=en&queue=sales").view(), {});
    EXPECT_TRUE(has(left.reply.body, "after the tone")) << left.reply.body;
    EXPECT_TRUE(has(left.reply.body, "maxLength=\"90\"")) << left.reply.body;
    EXPECT_FALSE(has(left.reply.body, "<Enqueue")) << left.reply.body;

    auto closed = waiting(3, "en");
    closed.queue_open = false;
    const auto received = connector->receive(post(call).view(), {});
    EXPECT_TRUE(has(connector->answer_for(received.records.at(0), closed).body, "<Record ")) << "a ticket waits";
    closed.position = 0;
    EXPECT_FALSE(has(connector->answer_for(received.records[0], closed).body, "<Record ")) << "nobody would hear it";
}

TEST(TwilioVoice, ARecordedMessageIsAContactOnce) {
    const auto connector = helpline({{"voicemail_key", "2"}});
    const fields recorded{
        {"RecordingSid", "RE1"}, {"RecordingUrl", "https://api.twilio.com/RE1"}, {"RecordingDuration", "12"}};
    auto action = recorded;
    action.insert(call.begin(), call.end());
    const auto done = connector->receive(post(action, "/voicemail?language=en&call=" + call_sid).view(), {});
    EXPECT_TRUE(has(done.reply.body, "we have your message")) << done.reply.body;
    ASSERT_EQ(done.records.size(), 1U);
    const auto& message = done.records[0];
    EXPECT_EQ(message.kind, record_kind::message);
    EXPECT_EQ(message.conversation, "call:" + call_sid);
    ASSERT_EQ(message.attachments.size(), 1U);
    EXPECT_EQ(message.attachments[0].url, "https://api.twilio.com/RE1");
    auto callback = recorded;
    callback.insert({{"AccountSid", account}, {"CallSid", call_sid}, {"RecordingStatus", "completed"}});
    const auto told = connector->receive(
        post(callback, "/voicemail?language=en&call=" + call_sid + "&caller=%2B525512345678").view(), {});
    EXPECT_EQ(told.records.at(0).event_id, message.event_id);
    EXPECT_EQ(told.records[0].identities, message.identities);
}

TEST(TwilioVoice, WaitingCallersHearTheirPlaceAndTheirWait) {
    const auto connector = helpline({{"hold_music", "https://files.example.com/hold.mp3?a=1&b=2"}});
    const auto asked =
        connector->receive(post(with({{"QueuePosition", "3"}, {"QueueTime", "15"}}), "/wait?language=es").view(), {});
    EXPECT_EQ(asked.when, answer_after::nothing);
    EXPECT_TRUE(has(asked.reply.body, "Usted es el número 3 en la fila.")) << asked.reply.body;
    auto now = waiting(2, "en");
    now.estimated_wait = std::chrono::seconds{241};
    const auto answer = connector->answer_for(asked.records.at(0), now).body;
    EXPECT_TRUE(has(answer, "Usted es el número 2 en la fila.")) << answer;
    EXPECT_TRUE(has(answer, "unos 5 minutos")) << answer;
    EXPECT_TRUE(has(answer, "<Play>https://files.example.com/hold.mp3?a=1&amp;b=2</Play>")) << answer;
    now.position = 1;
    now.estimated_wait = std::chrono::seconds{20};
    EXPECT_TRUE(has(connector->answer_for(asked.records.at(0), now).body, "menos de un minuto"));
}

TEST(TwilioVoice, AnAgentWhoDoesNotPickUpSendsTheCallerBackToTheQueue) {
    const auto vain = helpline()->receive(
        post(with({{"DialCallStatus", "no-answer"}}), "/after-queue?language=en&queue=sales").view(), {});
    EXPECT_TRUE(has(vain.reply.body, "could not be reached")) << vain.reply.body;
    EXPECT_TRUE(has(vain.reply.body, ">sales</Enqueue>")) << vain.reply.body;
    const auto talked =
        helpline()->receive(post(with({{"DialCallStatus", "completed"}}), "/after-queue?language=en").view(), {});
    EXPECT_TRUE(has(talked.reply.body, "<Response/>")) << talked.reply.body;
    EXPECT_EQ(talked.when, answer_after::ingest);
}

channel::outgoing redirect(std::string agent, std::string text = {}) {
    channel::outgoing message;
    message.thread = call_sid;
    message.to = "+525550001111";
    message.agent_address = std::move(agent);
    message.text = std::move(text);
    return message;
}

TEST(TwilioVoice, TheWaitingCallIsRedirectedToTheAgent) {
    const auto connector = helpline({{"api_base", "http://127.0.0.1:9"}});
    const auto made = connector->deliver(redirect("+14155550123"));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->url, "http://127.0.0.1:9/2010-04-01/Accounts/" + account + "/Calls/" + call_sid + ".json");
    EXPECT_EQ(made->user, account);
    EXPECT_EQ(made->password, token);
    const auto form = parse_form(made->body);
    ASSERT_EQ(form.size(), 1U);
    EXPECT_EQ(form[0].name, "Twiml");
    EXPECT_TRUE(
        has(form[0].value,
            "timeout=\"20\" answerOnBridge=\"true\" callerId=\"+525550001111\"><Number>+14155550123</Number></Dial>"))
        << form[0].value;
    EXPECT_TRUE(has(parse_form(connector->deliver(redirect("client:ann"))->body)[0].value, "<Client>ann</Client>"));
    EXPECT_TRUE(has(parse_form(connector->deliver(redirect("sip:a@b.example?x=1&y"))->body)[0].value,
                    "<Sip>sip:a@b.example?x=1&amp;y</Sip>"));
    const auto announced = connector->deliver(redirect("", "5 < 6"));
    ASSERT_TRUE(announced);
    EXPECT_TRUE(has(parse_form(announced->body)[0].value, "<Say language=\"en-US\">5 &lt; 6</Say><Enqueue"));
}

TEST(TwilioVoice, InAConferenceTheAgentIsCalledToTheCaller) {
    const auto connector = helpline({{"connect", "conference"}});
    const auto received = connector->receive(post(call).view(), {});
    const auto greeted = connector->answer_for(received.records.at(0), waiting(1, "en")).body;
    EXPECT_TRUE(has(greeted, ">" + call_sid + "</Conference></Dial>")) << greeted;
    EXPECT_TRUE(has(greeted, "startConferenceOnEnter=\"false\"")) << greeted;
    EXPECT_TRUE(has(greeted, "&amp;call=" + call_sid + "&amp;caller=%2B525512345678")) << greeted;
    const auto made = connector->deliver(redirect("+14155550123"));
    ASSERT_TRUE(made);
    EXPECT_TRUE(has(made->url, "/Conferences/" + call_sid + "/Participants.json")) << made->url;
    const auto form = channel::form::parse(made->body);
    EXPECT_EQ(form["To"], "+14155550123");
    EXPECT_EQ(form["From"], "+525550001111");
    EXPECT_EQ(form["StatusCallback"], base + "/agent?language=en&call=" + call_sid);
    // A conference names no call of its own: our address does.
    const auto asked = connector->receive(
        post({{"AccountSid", account}, {"ConferenceSid", "CF1"}}, "/wait?language=en&call=" + call_sid).view(), {});
    EXPECT_EQ(asked.records.at(0).conversation, "call:" + call_sid);
    const auto leg = "CA" + std::string(32, '2');
    const auto vain = connector->receive(
        post({{"AccountSid", account}, {"CallSid", leg}, {"CallStatus", "no-answer"}}, "/agent?call=" + call_sid)
            .view(),
        {});
    EXPECT_EQ(vain.records.at(0).conversation, "call:" + call_sid);
    EXPECT_EQ(vain.records[0].details.back().name, "agent_answered");
    EXPECT_EQ(vain.records[0].details.back().json, "false");
    EXPECT_TRUE(has(vain.reply.body, "<Response/>")) << "the agent's leg is over: nobody hears anything";
}

TEST(TwilioVoice, ACallBackRingsTheAgentAndThenTheCustomer) {
    const auto connector = helpline({{"callback_key", "1"}});
    auto message = redirect("+14155550123");
    message.place_call = true;
    message.from = "+525512345678";
    message.language = "es";
    const auto made = connector->deliver(message);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->url.ends_with("/Calls.json")) << made->url;
    const auto form = channel::form::parse(made->body);
    EXPECT_EQ(form["To"], "+14155550123");
    EXPECT_EQ(form["From"], "+525550001111");
    EXPECT_EQ(form["StatusCallback"], base + "/agent?language=es&call=" + call_sid);
    EXPECT_TRUE(has(std::string(form["Twiml"]), "callerId=\"+525550001111\"><Number>+525512345678</Number></Dial>"))
        << form["Twiml"];
    message.from = "anonymous";
    EXPECT_FALSE(connector->deliver(message));
}

TEST(TwilioVoice, ACallThatAnAgentBeginsRingsTheAgentAndThenTheCustomer) {
    auto message = redirect("client:ann");
    message.place_call = true;
    message.thread.clear();
    message.to.clear();
    message.from = "+525512345678";
    message.language = "en";
    const auto nowhere = helpline()->deliver(message);
    ASSERT_FALSE(nowhere);
    EXPECT_TRUE(has(nowhere.error().message, "set `number` on the channel")) << nowhere.error().message;
    const auto made = helpline({{"number", "+525550009999"}})->deliver(message);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(made->url.ends_with("/Calls.json")) << made->url;
    const auto form = channel::form::parse(made->body);
    EXPECT_EQ(form["To"], "client:ann");
    EXPECT_EQ(form["From"], "+525550009999");
    EXPECT_EQ(form["StatusCallback"], base + "/agent?language=en");
    EXPECT_TRUE(has(std::string(form["Twiml"]), "callerId=\"+525550009999\"><Number>+525512345678</Number></Dial>"))
        << form["Twiml"];
    // What becomes of it is told by the id that the answer to this named.
    const auto leg = "CA" + std::string(32, '2');
    const auto vain = helpline()->receive(
        post({{"AccountSid", account}, {"CallSid", leg}, {"CallStatus", "no-answer"}}, "/agent?language=en").view(),
        {});
    EXPECT_EQ(vain.records.at(0).references, std::vector<std::string>{leg});
    EXPECT_EQ(vain.records[0].details.back().json, "false");
    const auto spoken = helpline()->receive(
        post({{"AccountSid", account}, {"CallSid", leg}, {"DialCallStatus", "completed"}}, "/called-back?language=en")
            .view(),
        {});
    EXPECT_EQ(spoken.records.at(0).references, std::vector<std::string>{leg});
    // Without a call to go on from, nothing else can be done.
    message.place_call = false;
    EXPECT_FALSE(helpline()->deliver(message));
}

TEST(TwilioVoice, ACallerWhoHangsUpWhileTheAgentsPhoneRingsIsGone) {
    auto form = with({{"DialCallStatus", "canceled"}});
    form["CallStatus"] = "completed";
    const auto gone = helpline()->receive(post(form, "/after-queue?language=en").view(), {});
    EXPECT_EQ(gone.records.at(0).status, "hangup");
    for (const auto& each : gone.records[0].details) EXPECT_NE(each.name, "agent_answered");
}

/// A channel with `recording:` and what is said of it.
struct recording_channel {
    std::unique_ptr<channel::connector> works;
    std::vector<channel::option_problem> problems;
};
recording_channel with_recording(const std::vector<std::pair<std::string, std::string>>& keys,
                                 std::vector<channel::option> more = {}) {
    auto tree = std::make_shared<channel::structure>();
    tree->is = channel::structure::form::mapping;
    for (const auto& [key, text] : keys) {
        channel::structure value;
        value.text = text;
        tree->members.push_back({key, value});
    }
    more.push_back({"auth_token", {token}, false, 1, 1});
    more.push_back({"account_sid", {account}, false, 1, 1});
    channel::option recording{"recording", {}, false, 1, 1};
    recording.tree = tree;
    more.push_back(std::move(recording));
    channel::options options("case", std::move(more), "https://support.example.com");
    recording_channel made;
    made.works = connectors::twilio_voice::make(options);
    made.problems = options.problems();
    return made;
}

std::string detail(const channel::record& of, const std::string& name) {
    for (const auto& each : of.details)
        if (each.name == name) return each.json;
    return {};
}

std::string put_through(const channel::connector& connector, const std::string& details) {
    channel::outgoing message;
    message.thread = call_sid;
    message.from = "+525512345678";
    message.to = "+525550001111";
    message.agent_address = "+34600000001";
    message.details = details;
    const auto sent = connector.deliver(message);
    return sent ? decode_percent(sent->body) : sent.error().message;
}

TEST(TwilioVoice, WhoIsToldIsRecordedFromTheAgentOn) {
    const auto told = with_recording({{"consent", "tell"}});
    ASSERT_TRUE(told.problems.empty()) << told.problems[0].message;
    const auto received = told.works->receive(post(call).view(), {});
    ASSERT_EQ(received.records.size(), 1U);
    EXPECT_EQ(detail(received.records[0], "recording_consent"), R"("told")");
    EXPECT_TRUE(has(told.works->answer_for(received.records[0], waiting(1, "en")).body, "This call is recorded."));
    const auto twiml = put_through(*told.works, R"({"recording_consent":"told"})");
    EXPECT_TRUE(has(twiml, R"(record="record-from-answer-dual")")) << twiml;
    EXPECT_TRUE(has(twiml, "/recording?")) << twiml;
    // The channel has the last word, and a call that came before it was set has not been told.
    EXPECT_FALSE(has(put_through(*told.works, "{}"), "record="));
    EXPECT_FALSE(has(put_through(*helpline(), R"({"recording_consent":"told"})"), "record="));
}

TEST(TwilioVoice, WhoIsAskedIsRecordedByTheKeyAlone) {
    const auto asks = with_recording({{"consent", "ask"}, {"agree_key", "5"}});
    ASSERT_TRUE(asks.problems.empty()) << asks.problems[0].message;
    const auto first = asks.works->receive(post(call).view(), {});
    EXPECT_EQ(first.when, answer_after::nothing);
    EXPECT_TRUE(has(first.reply.body, "May we record this call? If you agree, press 5")) << first.reply.body;
    struct row {
        std::string digits, consent;
    };
    for (const auto& each : std::vector<row>{{"5", R"("given")"}, {"1", R"("refused")"}, {"", R"("refused")"}}) {
        const auto answered =
            asks.works->receive(post(with({{"Digits", each.digits}}), "/menu?language=en&step=consent").view(), {});
        ASSERT_EQ(answered.records.size(), 1U) << each.digits;
        EXPECT_EQ(detail(answered.records[0], "recording_consent"), each.consent);
        // "One moment": what was answered comes back with the call.
        EXPECT_TRUE(has(answered.reply.body, "consent=" + each.consent.substr(1, each.consent.size() - 2)))
            << answered.reply.body;
    }
    EXPECT_TRUE(has(put_through(*asks.works, R"({"recording_consent":"given"})"), "record-from-answer-dual"));
    EXPECT_FALSE(has(put_through(*asks.works, R"({"recording_consent":"refused"})"), "record="));
}

TEST(TwilioVoice, ARecordedTalkIsAFileThatIsKeptForItsTime) {
    const auto told = with_recording({{"consent", "tell"}, {"keep_for", "90d"}});
    const auto sid = "RE" + std::string(32, '2');
    const fields done{{"RecordingSid", sid},
                      {"RecordingStatus", "completed"},
                      {"RecordingUrl", "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Recordings/" + sid}};
    const auto received = told.works->receive(post(with(done), "/recording?language=en&call=" + call_sid).view(), {});
    ASSERT_EQ(received.records.size(), 1U) << received.reply.body;
    const auto& made = received.records[0];
    EXPECT_EQ(made.kind, record_kind::call_status);
    EXPECT_EQ(made.status, "recorded");
    EXPECT_EQ(made.thread, call_sid);
    EXPECT_EQ(detail(made, "keep_for_s"), "7776000");
    ASSERT_EQ(made.attachments.size(), 1U);
    EXPECT_EQ(made.attachments[0].type, "audio/mpeg");
    EXPECT_EQ(received.reply.status, 204U);
    // The account's proof goes to Twilio's own host and to no other.
    const auto fetched = told.works->fetch(made.attachments[0]);
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->user, account);
    EXPECT_TRUE(fetched->url.ends_with(sid + ".mp3"));
    auto elsewhere = made.attachments[0];
    elsewhere.url = "https://api.twilio.com.example.org/x";
    EXPECT_TRUE(told.works->fetch(elsewhere)->user.empty());

    const fields nothing{{"RecordingSid", sid}, {"RecordingStatus", "absent"}};
    const auto absent = told.works->receive(post(with(nothing), "/recording?call=" + call_sid).view(), {});
    ASSERT_EQ(absent.records.size(), 1U);
    EXPECT_EQ(absent.records[0].status, "recording-absent");
    EXPECT_TRUE(absent.records[0].attachments.empty());
    EXPECT_EQ(told.works->receive(post(call, "/recording").view(), {}).refused, "malformed");
}

TEST(TwilioVoice, ARecordingIsPausedAndGoesOn) {
    const auto told = with_recording({{"consent", "tell"}});
    channel::outgoing message;
    message.thread = call_sid;
    message.details = R"({"recording_order":"pause"})";
    const auto pause = told.works->deliver(message);
    ASSERT_TRUE(pause) << pause.error().message;
    EXPECT_TRUE(pause->url.ends_with("/Calls/" + call_sid + "/Recordings/Twilio.CURRENT.json"));
    EXPECT_EQ(pause->body, "Status=paused&PauseBehavior=skip");
    message.details = R"({"recording_order":"resume"})";
    EXPECT_EQ(told.works->deliver(message)->body, "Status=in-progress");
    message.thread = "no call";
    EXPECT_FALSE(told.works->deliver(message));
}

TEST(TwilioVoice, WrongSettingsOfRecordingAreErrors) {
    const auto names = [](const recording_channel& of) {
        std::vector<std::string> found;
        for (const auto& each : of.problems) found.push_back(each.name);
        return found;
    };
    using list = std::vector<std::string>;
    EXPECT_EQ(names(with_recording({{"consent", "assume"}})), list{"recording.consent"});
    EXPECT_EQ(names(with_recording({{"consent", "ask"}, {"agree_key", "55"}})), list{"recording.agree_key"});
    EXPECT_EQ(names(with_recording({{"consent", "tell"}, {"keep_for", "long"}})), list{"recording.keep_for"});
    EXPECT_EQ(names(with_recording({{"keep", "1d"}})), list{"recording.keep"});
    EXPECT_EQ(names(with_recording({})), list{"recording"});
    EXPECT_EQ(names(with_recording({{"consent", "tell"}}, {{"connect", {"conference"}, false, 1, 1}})),
              list{"connect"});
}

TEST(TwilioVoice, SettingsThatDoNotFitTogetherAreErrors) {
    const auto problems = [](std::vector<channel::option> given) {
        channel::options settings("case", std::move(given), "");
        connectors::twilio_voice::make(settings);
        std::string names;
        for (const auto& each : settings.problems()) names += each.name + " ";
        return names;
    };
    EXPECT_EQ(problems({{"callback_key", {"11"}, false, 1, 1}}), "callback_key ");
    EXPECT_EQ(problems({{"callback_key", {"1"}, false, 1, 1}, {"voicemail_key", {"1"}, false, 1, 1}}),
              "voicemail_key ");
    EXPECT_EQ(problems({{"callback_key", {"1"}, false, 1, 1}, {"connect", {"conference"}, false, 1, 1}}), "connect ");
    EXPECT_EQ(problems({{"connect", {"pigeon"}, false, 1, 1}}), "connect ");
    EXPECT_EQ(problems({{"menu", {"orders"}, true, 1, 1}}), "menu_orders_en menu_orders_es ");
}

TEST(TwilioVoice, WhatCannotBeDoneIsRefusedBeforeItIsTried) {
    const auto connector = helpline();
    for (const std::string agent : {"ann@example.com", "+49-30", "client:", "sip:", "0049301234567"})
        EXPECT_FALSE(connector->deliver(redirect(agent))) << agent;
    EXPECT_FALSE(connector->deliver(redirect("", "")));
    EXPECT_FALSE(connector->deliver(redirect("", std::string(4000, 'x'))));
    auto elsewhere = redirect("client:ann");
    elsewhere.thread = "CA/../../Accounts";
    EXPECT_FALSE(connector->deliver(elsewhere));
    EXPECT_FALSE(
        connector_with(connectors::twilio_voice::make, {{"auth_token", token}})->deliver(redirect("client:ann")));
}

TEST(TwilioVoice, TheProvidersAnswerIsRead) {
    const auto connector = helpline();
    EXPECT_EQ(connector->judge({200, {}, R"({"sid":"CA9"})"}).provider_message_id, "CA9");
    const auto over = connector->judge({400, {}, R"({"code":21220,"message":"Call is not in-progress"})"});
    EXPECT_EQ(over.outcome, channel::delivery::state::failed);
    EXPECT_EQ(over.reason, "Twilio error 21220: Call is not in-progress");
    EXPECT_EQ(connector->judge({429, {{"Retry-After", "3"}}, ""}).retry_after, std::chrono::seconds{3});
}

TEST(TwilioVoice, ALanguageWithoutTextsIsAConfigurationError) {
    channel::options settings("case", {{"languages", {"en", "fr"}, true, 1, 1}}, "");
    connectors::twilio_voice::make(settings);
    ASSERT_FALSE(settings.problems().empty());
    EXPECT_EQ(settings.problems()[0].name, "greeting_fr");
}

}  // namespace
}  // namespace kindred::testing
