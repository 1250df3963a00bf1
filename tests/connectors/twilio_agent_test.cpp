#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "tests/connectors/support/twilio_calls.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using namespace twilio_calls;

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

}  // namespace
}  // namespace kindred::testing
