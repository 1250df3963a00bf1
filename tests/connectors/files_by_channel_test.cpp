#include "connectors/discourse/connector.hpp"
#include "connectors/email/connector.hpp"
#include "connectors/instagram/connector.hpp"
#include "connectors/line/connector.hpp"
#include "connectors/messenger/connector.hpp"
#include "connectors/mime/mime.hpp"
#include "connectors/slack/connector.hpp"
#include "connectors/twilio-sms/connector.hpp"
#include "engine/base/json.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

#include <vector>

/// How files leave; that providers understand it is for tests/e2e/files_out.test.mjs to show.
namespace kindred::testing {
namespace {

channel::outgoing_file file(std::string name = "lamp.png", std::string type = "image/png") {
    return {"u-1", std::move(name), std::move(type), "bytes", "https://support.example.com/files/u-1?until=1", 5};
}

channel::outgoing message_with(std::vector<channel::outgoing_file> files) {
    channel::outgoing message;
    message.idempotency_key = "key-1";
    message.from = "ann@example.org";
    message.to = "help@shop.example";
    message.at = *parse_time("2026-11-22T12:00:00Z");
    message.files = std::move(files);
    return message;
}

std::string problem(const result<channel::provider_call>& call) { return call ? "sent" : call.error().message; }

TEST(OutgoingFiles, NeedAnAddressWhereTheProviderFetchesThem) {
    auto without = file();
    without.url.clear();
    const auto messenger =
        connector_with(connectors::messenger::make, {{"page_id", "1"}, {"access_token", "t"}, {"app_secret", "s"}});
    EXPECT_EQ(problem(messenger->deliver(message_with({without}))),
              "messenger fetches files from us: set server.public_url");
    const auto sms =
        connector_with(connectors::twilio_sms::make, {{"account_sid", "AC1"}, {"auth_token", "t"}, {"number", "+1"}});
    EXPECT_EQ(problem(sms->deliver(message_with({without}))), "Twilio fetches files from us: set server.public_url");
    const auto line = connector_with(connectors::line::make, {{"channel_secret", "s"}, {"channel_access_token", "t"}});
    without.url = "http://support.example.com/files/u-1";
    EXPECT_EQ(problem(line->deliver(message_with({without}))),
              "line fetches files from us by https alone: set server.public_url to such an address");
}

TEST(OutgoingFiles, GoToMetaAsWhatTheyAre) {
    const auto messenger =
        connector_with(connectors::messenger::make, {{"page_id", "1"}, {"access_token", "t"}, {"app_secret", "s"}});
    const std::pair<const char*, const char*> kinds[] = {{"image/png", "image"},
                                                         {"audio/mpeg", "audio"},
                                                         {"video/mp4", "video"},
                                                         {"application/pdf", "file"},
                                                         {"imagery/x", "file"}};
    for (const auto& [type, kind] : kinds) {
        const auto call = messenger->deliver(message_with({file("a", type)}));
        ASSERT_TRUE(call) << call.error().message;
        const auto body = json::document::parse(call->body);
        EXPECT_EQ((*body)["message"]["attachment"]["type"].text(), kind) << type;
        EXPECT_FALSE((*body)["message"]["text"].exists());
    }
    EXPECT_NE(problem(messenger->deliver(message_with({file(), file()}))), "sent");
}

TEST(OutgoingFiles, DoNotGoWithAnswersToInstagramComments) {
    const auto instagram =
        connector_with(connectors::instagram::make, {{"account_id", "1"}, {"access_token", "t"}, {"app_secret", "s"}});
    auto message = message_with({file()});
    EXPECT_TRUE(instagram->deliver(message));
    message.details = R"({"comment":"17870"})";
    EXPECT_EQ(problem(instagram->deliver(message)),
              "an answer to a comment carries no file: write a link into the text");
}

class SlackFiles : public ::testing::Test {
protected:
    const std::unique_ptr<channel::connector> slack_ =
        connector_with(connectors::slack::make, {{"bot_token", "xoxb-1"}, {"signing_secret", "s"}});
    const channel::outgoing message_ = message_with({file("a b.png")});
    result<std::optional<channel::provider_call>> after(const std::vector<channel::provider_answer>& answers) const {
        return slack_->deliver_further(message_, answers);
    }
    static channel::provider_answer place(const std::string& url) {
        return {200, {}, R"({"ok":true,"file_id":"F1","upload_url":")" + url + "\"}"};
    }
};

TEST_F(SlackFiles, GoInThreeCalls) {
    const auto first = slack_->deliver(message_);
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->url.ends_with("/api/files.getUploadURLExternal"));
    EXPECT_EQ(first->body, "filename=a%20b.png&length=5");
    const auto told = place("https://files.slack.com/upload/v1/x");
    const auto second = after({told});
    ASSERT_TRUE(second && *second);
    EXPECT_EQ((*second)->body, "bytes");
    for (const auto& [name, value] : (*second)->headers) EXPECT_NE(name, "Authorization");
    const auto third = after({told, {200, {}, "OK - 5"}});
    ASSERT_TRUE(third && *third);
    EXPECT_TRUE((*third)->url.ends_with("/api/files.completeUploadExternal"));
    const auto last = after({told, {200, {}, "OK - 5"}, {200, {}, R"({"ok":true})"}});
    ASSERT_TRUE(last);
    EXPECT_FALSE(*last);
}

TEST_F(SlackFiles, GoNowhereElse) {
    for (const char* const url :
         {"http://files.slack.com/x", "https://slack.com.evil.example/x", "https://evilslack.com/x",
          "https://files.slack.com@evil.example/x", "https://127.0.0.1/x", "", "ftp://slack.com"}) {
        const auto call = after({place(url)});
        EXPECT_TRUE(!call && call.error().code == errc::forbidden) << url;
    }
}

TEST_F(SlackFiles, StopWhenSlackSaysNo) {
    const channel::provider_answer no{200, {}, R"({"ok":false,"error":"missing_scope"})"};
    const auto call = after({no});
    ASSERT_TRUE(call);
    EXPECT_FALSE(*call);
    EXPECT_EQ(slack_->judge(no).reason, "Slack error missing_scope");
}

TEST(OutgoingFiles, StandInADiscoursePostUnderTheirNames) {
    const auto forum = connector_with(
        connectors::discourse::make,
        {{"base_url", "https://forum.example.com"}, {"api_key", "k"}, {"api_username", "desk"}, {"secret", "s"}});
    auto message = message_with({file("lamp](x).png"), file("m.pdf", "application/pdf")});
    message.thread = "815";
    message.text = "Two things";
    const auto first = forum->deliver(message);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_TRUE(first->url.ends_with("/uploads.json"));
    const channel::provider_answer one{200, {}, R"({"short_url":"upload://1.png"})"};
    const channel::provider_answer two{200, {}, R"({"url":"/uploads/2.pdf"})"};
    const auto second = forum->deliver_further(message, std::vector{one});
    ASSERT_TRUE(second && *second);
    EXPECT_TRUE((*second)->url.ends_with("/uploads.json"));
    const auto post = forum->deliver_further(message, std::vector{one, two});
    ASSERT_TRUE(post && *post);
    EXPECT_EQ((*json::document::parse((*post)->body))["raw"].text(),
              "Two things\n\n![lamp(x).png](upload://1.png)\n[m.pdf|attachment](/uploads/2.pdf)");
    const auto done = forum->deliver_further(message, std::vector{one, two, channel::provider_answer{200, {}, "{}"}});
    EXPECT_TRUE(done && !*done);
    EXPECT_FALSE(forum->deliver_further(message, std::vector{channel::provider_answer{200, {}, "{}"}}));
}

TEST(OutgoingFiles, ComeBackFromAMailAsTheyWere) {
    const auto postbox = connector_with(connectors::email::make,
                                        {{"address", "help@shop.example"}, {"smtp_url", "smtps://mx.example:465"}});
    std::string all;
    for (int i = 0; i < 70'000; ++i) all.push_back(static_cast<char>(i * 7 + i / 251));
    const struct {
        const char* name;
        const char* type;
        const char* came_as;
    } cases[] = {{"lamp.png", "image/png", "image/png"},
                 {"\xC3\xB1 \"and\xC3\xBA\".pdf", "application/pdf", "application/pdf"},
                 {"../../etc\r\nX-Evil: 1", "text/plain", "text/plain"},
                 {"letter.eml", "message/rfc822", "application/octet-stream"},
                 {"a.bin", "x/y\r\nX-Evil: 1", "application/octet-stream"},
                 {"", "", "application/octet-stream"}};
    auto message = message_with({});
    message.text =
        "From here\n.\n--=_fake\nGr\xC3\xBC\xC3\x9F"
        "e";
    for (const auto& each : cases) {
        message.files.push_back(file(each.name, each.type));
        message.files.back().content = all;
    }
    const auto call = postbox->deliver(message);
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(call->body.find("\r\nX-Evil"), std::string::npos);
    const auto read = connectors::mime::parse(call->body);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_NE(read->text.find("--=_fake"), std::string::npos);
    ASSERT_EQ(read->attachments.size(), std::size(cases));
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        EXPECT_EQ(read->attachments[i].type, cases[i].came_as);
        EXPECT_EQ(read->attachments[i].content, all) << i;
    }
    EXPECT_EQ(read->attachments[1].name, "\xC3\xB1 \"and\xC3\xBA\".pdf");
}

}  // namespace
}  // namespace kindred::testing
