// Files that people send and providers keep: how they are asked for, and that no proof of ours goes anywhere else.
#include "connectors/line/connector.hpp"
#include "connectors/mailgun/connector.hpp"
#include "connectors/slack/connector.hpp"
#include "connectors/twilio-sms/connector.hpp"
#include "connectors/twilio-whatsapp/connector.hpp"
#include "connectors/vonage/connector.hpp"
#include "engine/channel/provider_host.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace kindred::testing {
namespace {

using settings = std::vector<std::pair<std::string, std::string>>;

channel::attachment at(const std::string& url, const std::string& media_id = {}, const std::string& type = {}) {
    channel::attachment made;
    made.url = url;
    made.media_id = media_id;
    made.type = type;
    return made;
}

std::string authorization_of(const channel::provider_call& call) {
    for (const auto& [name, value] : call.headers)
        if (name == "Authorization") return value;
    return {};
}

struct place {
    const char* name;
    channel::factory make;
    settings with;
    std::string url;
    bool proven;
};
void PrintTo(const place& each, std::ostream* out) { *out << each.name; }

class KeptFile : public ::testing::TestWithParam<place> {};

TEST_P(KeptFile, IsAskedForWithOurProofAtTheProviderAlone) {
    const auto& one = GetParam();
    const auto call = connector_with(one.make, one.with)->fetch(at(one.url, "M1"), time_point{});
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(call->method, "GET");
    EXPECT_EQ(call->url, one.url);
    EXPECT_EQ(!authorization_of(*call).empty() || !call->password.empty(), one.proven);
}

const settings twilio{{"account_sid", "AC1"}, {"auth_token", "secret"}};
const settings bot{{"bot_token", "xoxb-1"}};
const settings key{{"api_key", "key-1"}, {"domain", "mg.example"}, {"address", "us@mg.example"}};
const std::string media = "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1";

INSTANTIATE_TEST_SUITE_P(
    Places, KeptFile,
    ::testing::Values(
        place{"Twilio SMS", connectors::twilio_sms::make, twilio, "https://api.twilio.com" + media, true},
        place{"Twilio WhatsApp", connectors::twilio_whatsapp::make, twilio, "https://api.twilio.com" + media, true},
        place{"another host", connectors::twilio_sms::make, twilio, "https://api.twilio.com.evil.example" + media,
              false},
        place{"another host in front", connectors::twilio_sms::make, twilio,
              "https://api.twilio.com@evil.example" + media, false},
        place{"Slack", connectors::slack::make, bot, "https://files.slack.com/files-pri/T1-F1/a.png", true},
        place{"Slack's, nearly", connectors::slack::make, bot, "https://files-slack.com/files-pri/T1-F1/a.png", false},
        place{"Slack's, behind a user name", connectors::slack::make, bot, "https://slack.com:443@evil.example/a",
              false},
        place{"Mailgun's store", connectors::mailgun::make, key,
              "https://storage-us-east4.api.mailgun.net/v3/domains/x/messages/y/attachments/0", true},
        place{"Mailgun's, nearly", connectors::mailgun::make, key, "https://mailgun.net.evil.example/0", false}));

TEST(KeptFile, OfLineIsAskedForByTheMessageThatBroughtIt) {
    const auto line = connector_with(connectors::line::make, {{"channel_access_token", "tok"}});
    const auto call = line->fetch(at("", "32570", "image"), {}).value();
    EXPECT_EQ(call.url, "https://api-data.line.me/v2/bot/message/32570/content");
    EXPECT_EQ(authorization_of(call), "Bearer tok");
    const auto external = line->fetch(at("https://sender.example/a.jpg", "", "image"), {}).value();
    EXPECT_EQ(external.url, "https://sender.example/a.jpg");
    EXPECT_EQ(authorization_of(external), "") << "the sender's own server is not LINE";
    EXPECT_FALSE(line->fetch(at("", "52002734", "sticker"), {})) << "its number is no message's";
    EXPECT_FALSE(line->fetch(at("", ""), {}));
    EXPECT_FALSE(connector_with(connectors::line::make, {})->fetch(at("", "1"), {})) << "no token";
}

TEST(KeptFile, OfVonageIsAskedForWithATokenOfTheApplication) {
    const auto key_file = read_file(KINDRED_SOURCE_DIR "/tests/connectors/fixtures/vonage/application.pem");
    ASSERT_FALSE(key_file.empty());
    const auto vonage =
        connector_with(connectors::vonage::make, {{"application_id", "app-1"}, {"private_key", key_file}});
    const auto recording = at("https://api-us-1.nexmo.com/v1/files/aaaa", "aaaa");
    const auto now = from_millis(1'790'000'000'000);
    EXPECT_TRUE(authorization_of(vonage->fetch(recording, now).value()).starts_with("Bearer ey"));
    EXPECT_EQ(authorization_of(vonage->fetch(at("https://nexmo.com.evil.example/aaaa", "aaaa"), now).value()), "");
}

TEST(KeptFile, OfSlackIsNotThePageThatAsksPeopleToLogIn) {
    const auto slack = connector_with(connectors::slack::make, bot);
    const auto picture = at("https://files.slack.com/a", "F1", "image/png");
    const channel::provider_answer page{200, {{"Content-Type", "text/html; charset=utf-8"}}, "<html>"};
    EXPECT_FALSE(slack->fetch_further(picture, page));
    EXPECT_TRUE(slack->fetch_further(picture, {200, {{"Content-Type", "image/png"}}, "png"}));
    EXPECT_TRUE(slack->fetch_further(at("https://files.slack.com/a", "F1", "text/html"), page)) << "a page was sent";
    EXPECT_FALSE(connector_with(connectors::slack::make, {})->fetch(picture, {})) << "no token";
}

TEST(ProviderHost, IsTheProvidersOwn) {
    for (const auto* url : {"https://slack.com/x", "https://FILES.slack.com/x", "https://a.b.slack.com?x"})
        EXPECT_TRUE(channel::is_https_within(url, "slack.com")) << url;
    for (const auto* url : {"http://slack.com/x", "https://xslack.com/", "https://slack.com.x/",
                            "https://slack.com:8443/", "https://x@slack.com/", "https://evil.example\\.slack.com/",
                            "https://evil.example#.slack.com", "https://evil%2eslack.com/", "slack.com"})
        EXPECT_FALSE(channel::is_https_within(url, "slack.com")) << url;
    EXPECT_TRUE(channel::is_below("http://127.0.0.1:9/x", "http://127.0.0.1:9"));
    EXPECT_FALSE(channel::is_below("http://127.0.0.1:90/x", "http://127.0.0.1:9"));
    EXPECT_FALSE(channel::is_below("http://127.0.0.1:9", "http://127.0.0.1:9"));
    EXPECT_FALSE(channel::is_below("/x", ""));
}

}  // namespace
}  // namespace kindred::testing
