#include "engine/base/text.hpp"
#include "tests/connectors/support/recording_option.hpp"
#include "tests/connectors/support/twilio_calls.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using namespace twilio_calls;
using channel::answer_after;
using channel::record_kind;

/// A channel with `recording:` and what is said of it.
struct recording_channel {
    std::unique_ptr<channel::connector> works;
    std::vector<channel::option_problem> problems;
};
recording_channel with_recording(const std::vector<std::pair<std::string, std::string>>& keys,
                                 std::vector<channel::option> more = {}) {
    more.push_back({"auth_token", {token}, false, 1, 1});
    more.push_back({"account_sid", {account}, false, 1, 1});
    more.push_back(recording_option(keys));
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

TEST(TwilioVoice, WhatMayBeSaidAtMostFitsInOneDocumentWhereverTheCallerWaits) {
    // The longest document that goes round a text: a recorded conference, a queue with a long name.
    const auto line = with_recording({{"consent", "tell"}}, {{"connect", {"conference"}, false, 1, 1}});
    const auto most = line.works->can().longest_text;
    EXPECT_EQ(most.counted_in, channel::text_unit::code_points);
    auto message = redirect("", {});
    for (std::size_t i = 0; i < most.most; ++i) message.text += i % 60 == 0 ? "&" : "é";
    message.queue = std::string(64, 'q');
    message.from = "+525512345678";
    message.language = "en";
    message.details = R"({"recording_consent":"told"})";
    const auto made = line.works->deliver(message);
    ASSERT_TRUE(made) << made.error().message;
    const auto whole = count_code_points(parse_form(made->body)[0].value);
    EXPECT_LE(whole, 4000U - 250U) << "room for addresses longer than these";
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
    const auto fetched = told.works->fetch(made.attachments[0], {});
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->user, account);
    EXPECT_TRUE(fetched->url.ends_with(sid + ".mp3"));
    auto elsewhere = made.attachments[0];
    elsewhere.url = "https://api.twilio.com.example.org/x";
    EXPECT_TRUE(told.works->fetch(elsewhere, {})->user.empty());

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

channel::outgoing hold_order(const char* order) {
    channel::outgoing message;
    message.thread = call_sid;
    message.from = "+525512345678";
    message.to = "+525550001111";
    message.language = "es";
    message.agent_address = "+34600000001";
    message.details = std::string(R"({"hold_order":")") + order + R"(","recording_consent":"told"})";
    return message;
}

TEST(TwilioVoice, HoldingTakesTheCustomersLegAwayAndResumingRingsTheAgentAgain) {
    const auto told = with_recording({{"consent", "tell"}});
    const auto hold = told.works->deliver(hold_order("hold"));
    ASSERT_TRUE(hold) << hold.error().message;
    EXPECT_TRUE(hold->url.ends_with("/Calls/" + call_sid + ".json"));
    const auto heard = decode_percent(hold->body);
    EXPECT_TRUE(has(heard, "Un momento, por favor.")) << heard;
    EXPECT_TRUE(has(heard, R"(<Play loop="0">)")) << heard;
    const auto resume = told.works->deliver(hold_order("resume"));
    ASSERT_TRUE(resume) << resume.error().message;
    const auto rings = decode_percent(resume->body);
    EXPECT_TRUE(has(rings, "<Number>+34600000001</Number>")) << rings;
    EXPECT_TRUE(has(rings, R"(record="record-from-answer-dual")")) << "the talk is recorded as before: " << rings;
    EXPECT_FALSE(told.works->deliver_further(hold_order("hold"), {})->has_value());
}

TEST(TwilioVoice, ASilentHoldAsksAnewRoundAfterRound) {
    const auto silent = with_recording({{"consent", "tell"}}, {{"hold_music", {""}, false, 1, 1}});
    const auto heard = decode_percent(silent.works->deliver(hold_order("hold"))->body);
    ASSERT_TRUE(has(heard, R"(<Pause length="30"/>)")) << heard;
    ASSERT_TRUE(has(heard, "/hold?language=es")) << heard;
    const auto again = silent.works->receive(post(call, "/hold?language=es").view(), {});
    EXPECT_EQ(again.when, answer_after::nothing);
    EXPECT_TRUE(has(again.reply.body, "Un momento, por favor.")) << again.reply.body;
    ASSERT_EQ(again.records.size(), 1U);
    EXPECT_EQ(again.records[0].kind, record_kind::ignored);
}

TEST(TwilioVoice, AConferenceHoldsItsCustomer) {
    const auto line = with_recording({{"consent", "tell"}}, {{"connect", {"conference"}, false, 1, 1}});
    const auto asked = line.works->deliver(hold_order("hold"));
    ASSERT_TRUE(asked) << asked.error().message;
    EXPECT_EQ(asked->method, "GET");
    EXPECT_TRUE(has(asked->url, "/Conferences.json?FriendlyName=" + call_sid));
    const auto conference = "CF" + std::string(32, '3');
    const std::vector<channel::provider_answer> found{
        {200, {}, R"({"conferences":[{"sid":")" + conference + R"("}]})"}};
    const auto held = line.works->deliver_further(hold_order("hold"), found);
    ASSERT_TRUE(held && *held);
    EXPECT_TRUE((*held)->url.ends_with("/Conferences/" + conference + "/Participants/" + call_sid + ".json"));
    EXPECT_TRUE(
        has(decode_percent((*held)->body), "Hold=true&HoldUrl=https://support.example.com/webhooks/case/hold?"));
    EXPECT_EQ((*line.works->deliver_further(hold_order("resume"), found))->body, "Hold=false");
    const std::vector<channel::provider_answer> gone{{200, {}, R"({"conferences":[]})"}};
    EXPECT_FALSE(line.works->deliver_further(hold_order("hold"), gone));
}

TEST(TwilioVoice, ACallThatWePlacedCannotBeHeld) {
    auto order = hold_order("hold");
    order.place_call = true;
    EXPECT_EQ(helpline()->deliver(order).error().code, errc::invalid);
    order = hold_order("resume");
    order.agent_address = "nobody";
    EXPECT_EQ(helpline()->deliver(order).error().code, errc::invalid);
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
}

channel::outgoing order(const std::string& details) {
    channel::outgoing message;
    message.thread = call_sid;
    message.details = details;
    return message;
}

TEST(TwilioVoice, AConferenceIsRecordedFromTheAgentOnAndPausedByItsOwnId) {
    const auto told = with_recording({{"consent", "tell"}}, {{"connect", {"conference"}, false, 1, 1}});
    ASSERT_TRUE(told.problems.empty()) << told.problems[0].message;
    const auto received = told.works->receive(post(call).view(), {});
    const auto greeted = told.works->answer_for(received.records.at(0), waiting(1, "en")).body;
    EXPECT_TRUE(has(greeted, R"(record="record-from-start")")) << greeted;
    EXPECT_TRUE(has(greeted, "/recording?language=en&amp;call=" + call_sid)) << greeted;
    // Told of by the conference alone: our address says whose it is.
    const auto sid = "RE" + std::string(32, '2');
    const auto done = told.works->receive(post({{"AccountSid", account},
                                                {"ConferenceSid", "CF" + std::string(32, '3')},
                                                {"RecordingSid", sid},
                                                {"RecordingStatus", "completed"},
                                                {"RecordingUrl", "https://api.twilio.com/x/" + sid}},
                                               "/recording?language=en&call=" + call_sid)
                                              .view(),
                                          {});
    ASSERT_EQ(done.records.size(), 1U) << done.reply.body;
    EXPECT_EQ(done.records[0].conversation, "call:" + call_sid);

    const auto pause = order(R"({"recording_order":"pause"})");
    const auto asked = told.works->deliver(pause);
    ASSERT_TRUE(asked) << asked.error().message;
    EXPECT_EQ(asked->method, "GET");
    EXPECT_TRUE(asked->url.ends_with("/Conferences.json?FriendlyName=" + call_sid + "&Status=in-progress"));
    const auto conference = "CF" + std::string(32, '3');
    const std::vector<channel::provider_answer> found{{200, {}, R"({"conferences":[{"sid":")" + conference + "\"}]}"}};
    const auto next = told.works->deliver_further(pause, found).value();
    ASSERT_TRUE(next);
    EXPECT_TRUE(next->url.ends_with("/Conferences/" + conference + "/Recordings/Twilio.CURRENT.json")) << next->url;
    EXPECT_EQ(next->body, "Status=paused&PauseBehavior=skip");
    auto both = found;
    both.push_back({200, {}, "{}"});
    EXPECT_FALSE(told.works->deliver_further(pause, both).value()) << "that was all";
    const std::vector<channel::provider_answer> none{{200, {}, R"({"conferences":[]})"}};
    EXPECT_FALSE(told.works->deliver_further(pause, none)) << "over";

    const auto asks = with_recording({{"consent", "ask"}}, {{"connect", {"conference"}, false, 1, 1}});
    for (const auto& [consent, recorded] :
         std::vector<std::pair<std::string, bool>>{{"given", true}, {"refused", false}}) {
        const auto path = "/menu?language=en&step=done&consent=" + consent;
        const auto agreed = asks.works->receive(post(call, path).view(), {});
        const auto waits = asks.works->answer_for(agreed.records.at(0), waiting(1, "en")).body;
        EXPECT_EQ(has(waits, "record-from-start"), recorded) << waits;
    }
}

TEST(TwilioVoice, WhoIsCalledBackHearsOfTheRecordingBeforeTheTalk) {
    const auto leg = "CA" + std::string(32, '5');
    const auto placed = "CA" + std::string(32, '6');
    const auto picked_up = [&](const channel::connector& by, const std::string& query, const std::string& digits) {
        return by.receive(post({{"AccountSid", account},
                                {"CallSid", leg},
                                {"ParentCallSid", placed},
                                {"Digits", digits},
                                {"CallStatus", "in-progress"}},
                               "/picked-up" + query)
                              .view(),
                          {});
    };
    auto message = redirect("+34600000001");
    message.from = "+525512345678";
    message.place_call = true;
    const auto told = with_recording({{"consent", "tell"}});
    const auto twiml = decode_percent(told.works->deliver(message)->body);
    EXPECT_TRUE(has(twiml, "record-from-answer-dual")) << twiml;
    EXPECT_TRUE(has(twiml, "/picked-up?language=en&amp;call=" + call_sid)) << twiml;
    const auto heard = picked_up(*told.works, "?language=en&call=" + call_sid, "");
    EXPECT_TRUE(has(heard.reply.body, "This call is recorded.")) << heard.reply.body;
    ASSERT_EQ(heard.records.size(), 1U);
    EXPECT_EQ(heard.records[0].conversation, "call:" + call_sid);
    EXPECT_EQ(detail(heard.records[0], "recorded_call"), '"' + placed + '"');
    EXPECT_EQ(detail(heard.records[0], "recording_consent"), R"("told")");

    // A call that an agent began goes on from none: it is known by the one that was placed.
    const auto asks = with_recording({{"consent", "ask"}, {"agree_key", "5"}});
    message.thread.clear();
    EXPECT_FALSE(has(decode_percent(asks.works->deliver(message)->body), "record-from")) << "not before the answer";
    const auto asked = picked_up(*asks.works, "?language=en", "");
    EXPECT_EQ(asked.when, answer_after::nothing);
    EXPECT_TRUE(has(asked.reply.body, "If you agree, press 5")) << asked.reply.body;
    EXPECT_TRUE(has(asked.reply.body, "/picked-up?language=en&amp;step=consent")) << asked.reply.body;
    for (const auto& [digits, consent] :
         std::vector<std::pair<std::string, std::string>>{{"5", R"("given")"}, {"1", R"("refused")"}}) {
        const auto answered = picked_up(*asks.works, "?language=en&step=consent", digits);
        ASSERT_EQ(answered.records.size(), 1U);
        EXPECT_EQ(detail(answered.records[0], "recording_consent"), consent);
        EXPECT_EQ(answered.records[0].references, std::vector<std::string>{placed});
        EXPECT_TRUE(has(answered.reply.body, "<Response/>")) << answered.reply.body;
    }
    const auto start = asks.works->deliver(order(R"({"recording_order":"start","recorded_call":")" + placed + "\"}"));
    ASSERT_TRUE(start) << start.error().message;
    EXPECT_TRUE(start->url.ends_with("/Calls/" + placed + "/Recordings.json")) << start->url;
    EXPECT_TRUE(has(start->body, "RecordingChannels=dual&RecordingStatusCallback=")) << start->body;
    const auto pause = asks.works->deliver(order(R"({"recording_order":"pause","recorded_call":")" + placed + "\"}"));
    EXPECT_TRUE(pause->url.ends_with("/Calls/" + placed + "/Recordings/Twilio.CURRENT.json"));
    EXPECT_EQ(asks.works->receive(post(call, "/picked-up").view(), {}).refused, "malformed") << "no ParentCallSid";
    EXPECT_FALSE(has(decode_percent(helpline()->deliver(message).value().body), "picked-up")) << "nothing is recorded";
}

TEST(TwilioVoice, ARecordingIsRemovedAtTwilio) {
    const auto voice = helpline({{"api_base", "http://127.0.0.1:9"}});
    channel::attachment sound;
    sound.media_id = "RE" + std::string(32, '2');
    sound.url = "https://anywhere.example/";
    const auto call_made = voice->forget(sound, {});
    ASSERT_TRUE(call_made);
    EXPECT_EQ(call_made->method, "DELETE");
    EXPECT_EQ(call_made->url,
              "http://127.0.0.1:9/2010-04-01/Accounts/" + account + "/Recordings/" + sound.media_id + ".json");
    EXPECT_EQ(call_made->password, token);
    sound.media_id = "../../Calls/CA1";
    EXPECT_FALSE(voice->forget(sound, {}));
}

}  // namespace
}  // namespace kindred::testing
