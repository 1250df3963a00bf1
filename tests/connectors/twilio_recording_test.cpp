#include "engine/base/text.hpp"
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

}  // namespace
}  // namespace kindred::testing
