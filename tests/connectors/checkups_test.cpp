#include "connectors/api/connector.hpp"
#include "connectors/bots/connector.hpp"
#include "connectors/discourse/connector.hpp"
#include "connectors/email/connector.hpp"
#include "connectors/github/connector.hpp"
#include "connectors/imap/connector.hpp"
#include "connectors/instagram/connector.hpp"
#include "connectors/line/connector.hpp"
#include "connectors/mailgun/connector.hpp"
#include "connectors/messenger/connector.hpp"
#include "connectors/postmark/connector.hpp"
#include "connectors/sendgrid/connector.hpp"
#include "connectors/ses-sns/connector.hpp"
#include "connectors/slack/connector.hpp"
#include "connectors/standard-webhooks/connector.hpp"
#include "connectors/telegram/connector.hpp"
#include "connectors/twilio-sms/connector.hpp"
#include "connectors/twilio-voice/connector.hpp"
#include "connectors/twilio-whatsapp/connector.hpp"
#include "connectors/vonage/connector.hpp"
#include "connectors/webchat/connector.hpp"
#include "connectors/whatsapp/connector.hpp"
#include "connectors/x/connector.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

/// What each connector asks to know whether its channel is set up right, and what it makes of the answers.
namespace kindred::testing {
namespace {

using setting_list = std::vector<std::pair<std::string, std::string>>;

const std::string account_sid = "AC" + std::string(32, 'a');

/// One provider: how it is asked, and what it says where it works and where not.
struct provider_case {
    const char* name;
    channel::factory make;
    setting_list settings;
    std::string method, url;
    std::string proof;  ///< a header, or user:password
    std::string fine, account;
    unsigned refusal_status;
    std::string refusal, reason;
};

std::vector<provider_case> providers() {
    using namespace connectors;
    const std::string base = "http://127.0.0.1:9";
    return {
        {"telegram",
         telegram::make,
         {{"bot_token", "12:ab"}, {"api_base", base}},
         "GET",
         base + "/bot12:ab/getMe",
         "",
         R"({"ok":true,"result":{"id":1,"username":"lumen_bot"}})",
         "lumen_bot",
         401,
         R"({"ok":false,"error_code":401,"description":"Unauthorized"})",
         "Telegram error 401: Unauthorized"},
        {"slack",
         slack::make,
         {{"bot_token", "xoxb-1"}, {"api_base", base}},
         "POST",
         base + "/api/auth.test",
         "Authorization: Bearer xoxb-1",
         R"({"ok":true,"team":"Lumen","user":"desk"})",
         "Lumen",
         200,
         R"({"ok":false,"error":"invalid_auth"})",
         "invalid_auth"},
        {"github",
         github::make,
         {{"token", "ghp"}, {"api_base", base}},
         "GET",
         base + "/rate_limit",
         "Authorization: Bearer ghp",
         R"({"resources":{}})",
         "",
         401,
         R"({"message":"Bad credentials"})",
         "Bad credentials"},
        {"github of a repository",
         github::make,
         {{"token", "ghp"}, {"repositories", "lumen/lamps"}, {"api_base", base}},
         "GET",
         base + "/repos/lumen/lamps",
         "Authorization: Bearer ghp",
         R"({"full_name":"lumen/lamps"})",
         "lumen/lamps",
         404,
         R"({"message":"Not Found"})",
         "Not Found"},
        {"discourse",
         discourse::make,
         {{"base_url", base}, {"api_key", "k"}, {"api_username", "desk"}},
         "GET",
         base + "/u/desk.json",
         "Api-Key: k",
         R"({"user":{"username":"desk"}})",
         "desk",
         403,
         R"({"errors":["You are not permitted"]})",
         "Discourse: You are not permitted"},
        {"line",
         line::make,
         {{"channel_access_token", "t"}, {"api_base", base}},
         "GET",
         base + "/v2/bot/info",
         "Authorization: Bearer t",
         R"({"displayName":"Lumen"})",
         "Lumen",
         401,
         R"({"message":"Authentication failed"})",
         "LINE answered 401: Authentication failed"},
        {"x",
         x::make,
         {{"access_token", "t"}, {"api_base", base}},
         "GET",
         base + "/2/users/me",
         "Authorization: Bearer t",
         R"({"data":{"id":"1","username":"lumen"}})",
         "lumen",
         401,
         R"({"title":"Unauthorized","detail":"Unauthorized"})",
         "X: Unauthorized"},
        {"whatsapp",
         whatsapp::make,
         {{"phone_number_id", "11"}, {"access_token", "t"}, {"api_base", base}},
         "GET",
         base + "/v25.0/11?fields=display_phone_number,verified_name",
         "Authorization: Bearer t",
         R"({"display_phone_number":"+34 600","id":"11"})",
         "+34 600",
         401,
         R"({"error":{"code":190,"message":"expired"}})",
         "WhatsApp error 190: expired"},
        {"messenger",
         messenger::make,
         {{"page_id", "7"}, {"access_token", "t"}, {"api_base", base}},
         "GET",
         base + "/v25.0/7?fields=name",
         "Authorization: Bearer t",
         R"({"name":"Lumen","id":"7"})",
         "Lumen",
         400,
         R"({"error":{"code":190,"message":"expired"}})",
         "expired"},
        {"instagram",
         instagram::make,
         {{"access_token", "t"}, {"api_base", base}},
         "GET",
         base + "/v21.0/me?fields=username",
         "Authorization: Bearer t",
         R"({"username":"lumen.shop"})",
         "lumen.shop",
         400,
         R"({"error":{"code":190,"message":"expired"}})",
         "expired"},
        {"mailgun",
         mailgun::make,
         {{"domain", "m.example"}, {"api_key", "k"}, {"address", "a@m.example"}, {"api_base", base}},
         "GET",
         base + "/v4/domains/m.example",
         "api:k",
         R"({"domain":{"name":"m.example"}})",
         "m.example",
         401,
         "Forbidden",
         "sending key"},
        {"sendgrid",
         sendgrid::make,
         {{"api_key", "k"}, {"address", "a@m.example"}, {"api_base", base}},
         "GET",
         base + "/v3/scopes",
         "Authorization: Bearer k",
         R"({"scopes":["alerts.read","mail.send"]})",
         "",
         200,
         R"({"scopes":["alerts.read"]})",
         "may not send"},
        {"postmark",
         postmark::make,
         {{"server_token", "k"}, {"address", "a@m.example"}, {"api_base", base}},
         "GET",
         base + "/server",
         "X-Postmark-Server-Token: k",
         R"({"ID":1,"Name":"Lumen"})",
         "Lumen",
         401,
         R"({"ErrorCode":10,"Message":"No Account or Server API tokens were supplied"})",
         "Postmark error 10"},
        {"twilio-sms",
         twilio_sms::make,
         {{"account_sid", account_sid}, {"auth_token", "t"}, {"api_base", base}},
         "GET",
         base + "/2010-04-01/Accounts/" + account_sid + ".json",
         account_sid + ":t",
         R"({"friendly_name":"Lumen","status":"active"})",
         "Lumen",
         401,
         R"({"code":20003,"message":"Authenticate"})",
         "20003"},
        {"twilio-whatsapp",
         twilio_whatsapp::make,
         {{"account_sid", account_sid}, {"auth_token", "t"}, {"api_base", base}},
         "GET",
         base + "/2010-04-01/Accounts/" + account_sid + ".json",
         account_sid + ":t",
         R"({"friendly_name":"Lumen","status":"active"})",
         "Lumen",
         200,
         R"({"friendly_name":"Lumen","status":"suspended"})",
         "suspended"},
        {"twilio-voice",
         twilio_voice::make,
         {{"account_sid", account_sid}, {"auth_token", "t"}, {"api_base", base}},
         "GET",
         base + "/2010-04-01/Accounts/" + account_sid + ".json",
         account_sid + ":t",
         R"({"friendly_name":"Lumen","status":"active"})",
         "Lumen",
         401,
         R"({"code":20003,"message":"Authenticate"})",
         "Twilio error 20003: Authenticate"},
        {"bots with Rasa",
         bots::make,
         {{"token", "x"}, {"api_base", base}, {"rasa_token", "r&"}},
         "GET",
         base + "/status?token=r%26",
         "",
         R"({"model_file":"m.tar.gz"})",
         "m.tar.gz",
         401,
         "{}",
         "provider answered 401"},
    };
}

std::vector<channel::checkup> asked_by(channel::factory make, const setting_list& settings) {
    return connector_with(make, settings)->checkups(time_point{std::chrono::hours{500'000}});
}

TEST(Checkups, AskWhatOnlyWhoMayUseTheAccountIsAnswered) {
    for (const auto& each : providers()) {
        SCOPED_TRACE(each.name);
        const auto works = connector_with(each.make, each.settings);
        const auto asked = works->checkups({});
        ASSERT_EQ(asked.size(), 1U);
        ASSERT_TRUE(asked[0].call) << asked[0].why_not;
        const auto& call = *asked[0].call;
        EXPECT_EQ(call.method, each.method);
        EXPECT_EQ(call.url, each.url);
        EXPECT_TRUE(call.body.empty());
        bool proven = each.proof.empty() || call.user + ':' + call.password == each.proof;
        for (const auto& [name, value] : call.headers) proven = proven || name + ": " + value == each.proof;
        EXPECT_TRUE(proven) << "without " << each.proof;

        const auto fine = works->read_checkup(asked[0], {200, {}, each.fine});
        EXPECT_TRUE(fine.works) << fine.said;
        EXPECT_EQ(fine.said, each.account);
        const auto refused = works->read_checkup(asked[0], {each.refusal_status, {}, each.refusal});
        EXPECT_FALSE(refused.works);
        EXPECT_NE(refused.said.find(each.reason), std::string::npos) << refused.said;
    }
}

TEST(Checkups, SayWhatIsMissingWhereTheyCannotBeAsked) {
    using namespace connectors;
    const std::vector<std::tuple<const char*, channel::factory, setting_list, const char*>> cases{
        {"telegram", telegram::make, {}, "set bot_token"},
        {"slack", slack::make, {}, "set bot_token"},
        {"github", github::make, {}, "set token"},
        {"discourse", discourse::make, {}, "set base_url"},
        {"line", line::make, {}, "set channel_access_token"},
        {"x", x::make, {}, "set access_token"},
        {"whatsapp", whatsapp::make, {}, "set phone_number_id"},
        {"messenger", messenger::make, {}, "set access_token"},
        {"instagram", instagram::make, {}, "set access_token"},
        {"mailgun", mailgun::make, {}, "set domain"},
        {"sendgrid", sendgrid::make, {}, "set api_key"},
        {"postmark", postmark::make, {}, "set server_token"},
        {"ses-sns", ses_sns::make, {}, "set smtp_url"},
        {"twilio-sms", twilio_sms::make, {}, "set account_sid"},
        {"twilio-voice", twilio_voice::make, {}, "set account_sid"},
        {"vonage", vonage::make, {}, "set application_id"},
        {"email", email::make, {}, "set smtp_url"},
        {"bots", bots::make, {}, "set api_base"},
        {"bots with a callback", bots::make, {{"callback_url", "https://a.example"}}, "without an effect"},
        {"api", api::make, {}, "set callback_url"},
        {"api with a callback", api::make, {{"callback_url", "https://a.example"}}, "without an effect"},
        {"standard-webhooks", standard_webhooks::make, {}, "set callback_url"},
        {"webchat", webchat::make, {}, "there is none"},
    };
    for (const auto& [name, make, settings, missing] : cases) {
        SCOPED_TRACE(name);
        const auto asked = asked_by(make, settings);
        ASSERT_EQ(asked.size(), 1U);
        EXPECT_FALSE(asked[0].call);
        EXPECT_NE(asked[0].why_not.find(missing), std::string::npos) << asked[0].why_not;
    }
}

TEST(Checkups, OfMailLogInAtBothServers) {
    const auto asked = asked_by(connectors::imap::make, {{"imap_url", "imaps://imap.example"},
                                                         {"imap_user", "help"},
                                                         {"imap_password", "secret"},
                                                         {"imap_folder", "Support"},
                                                         {"smtp_url", "smtps://smtp.example:465"},
                                                         {"smtp_user", "out"},
                                                         {"smtp_password", "other"}});
    ASSERT_EQ(asked.size(), 2U);
    ASSERT_TRUE(asked[0].call && asked[1].call);
    EXPECT_EQ(asked[0].call->via, channel::transport::imap);
    EXPECT_EQ(asked[0].call->url, "imaps://imap.example");
    EXPECT_EQ(asked[0].call->user + ':' + asked[0].call->password, "help:secret");
    EXPECT_EQ(asked[0].call->body, "Support");
    EXPECT_EQ(asked[1].call->via, channel::transport::smtp);
    EXPECT_EQ(asked[1].call->user + ':' + asked[1].call->password, "out:other");
    EXPECT_TRUE(asked[1].call->envelope_to.empty());
    EXPECT_TRUE(asked[1].call->body.empty());
}

TEST(Checkups, OfMailReadTheServersReply) {
    const auto works = connector_with(connectors::email::make, {{"smtp_url", "smtp://127.0.0.1:25"}});
    const auto asked = works->checkups({});
    EXPECT_TRUE(works->read_checkup(asked[0], {250, {}, "250 2.0.0 ok"}).works);
    const auto refused = works->read_checkup(asked[0], {535, {}, "535 5.7.8 wrong password"});
    EXPECT_FALSE(refused.works);
    EXPECT_NE(refused.said.find("535"), std::string::npos) << refused.said;
}

}  // namespace
}  // namespace kindred::testing
