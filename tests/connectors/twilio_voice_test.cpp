#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "tests/connectors/support/twilio_calls.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using namespace twilio_calls;
using channel::answer_after;
using channel::record_kind;

void sign(recorded_request& request, const std::string& text) {
    set_header(request, "X-Twilio-Signature", to_base64(hmac_of(hash_kind::sha1, token, {text})));
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
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"SHA-256 instead of SHA-1",
             [&](auto& r) { set_header(r, signature, to_base64(hmac_of(hash_kind::sha256, token, {r.url}))); }, 403,
             "wrong_signature", wrong::algorithm},
            {"hex instead of base64",
             [&](auto& r) { set_header(r, signature, to_hex(*from_base64(*r.view().single_header(signature)))); }, 403,
             "wrong_signature", wrong::algorithm},
            {"signed with an API key's secret",
             [&](auto& r) { set_header(r, signature, to_base64(hmac_of(hash_kind::sha1, "SK", {r.url}))); }, 403,
             "wrong_signature"},
            {"meant for another address", [](auto& r) { r.url = "https://other.example.com/webhooks/case"; }, 403,
             "wrong_signature"},
            {"a field added", [](auto& r) { r.body += "&Digits=1"; }, 403, "wrong_signature"},
            {"a field twice with another value", [](auto& r) { r.body += "&From=%2B1"; }, 403, "wrong_signature"},
            {"truncated", [](auto& r) { r.body.resize(r.body.size() - 5); }, 403, "wrong_signature", wrong::truncated},
            {"JSON without a hash of it in the address",
             [](auto& r) {
                 r.body = "{}";
                 set_header(r, "Content-Type", "application/json");
                 sign(r, r.url);
             },
             415, "wrong_content_type", wrong::content_type},
            {"no content type", [](auto& r) { remove_header(r, "Content-Type"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"another account",
             [&](auto& r) {
                 replace(r, with({{"AccountSid", "AC" + std::string(32, 'b')}}));
             },
             403, "wrong_account", wrong::account},
            {"invalid UTF-8",
             [&](auto& r) {
                 replace(r, with({{"CallerName", "\xFF"}}));
             },
             400, "malformed", wrong::utf8},
            {"no call id",
             [&](auto& r) {
                 replace(r, {{"AccountSid", account}, {"From", "+1"}});
             },
             400, "malformed", wrong::shape},
            {"a result without result", [&](auto& r) { replace(r, call, "/after-queue"); }, 400, "malformed"},
            {"an unknown address", [&](auto& r) { replace(r, call, "/inbound"); }, 404, "unknown_path"},
            oversized(channel_kind::phone),
        },
        {{wrong::stale_time, "Twilio signs no time; what comes again is known by its event id"}});
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
