// Who has written, where the provider tells it only to those who ask.
#include "connectors/instagram/connector.hpp"
#include "connectors/line/connector.hpp"
#include "connectors/messenger/connector.hpp"
#include "connectors/slack/connector.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using settings = std::vector<std::pair<std::string, std::string>>;
using channel::record_kind;

channel::record written_by(const std::string& person, const std::string& identity_text) {
    channel::record made;
    made.kind = record_kind::message;
    made.event_id = "1";
    made.from = person;
    made.identities = {{identity_text, proof::proven}};
    return made;
}

std::string header_of(const channel::inquiry& asked, std::string_view name) {
    for (const auto& [key, value] : asked.headers)
        if (key == name) return value;
    return {};
}

TEST(SlackNames, AreAskedOfUsersInfoWithTheBotsToken) {
    const auto slack =
        connector_with(connectors::slack::make, {{"bot_token", "xoxb-1"}, {"api_base", "http://127.0.0.1:9/slack"}});
    const auto asked = slack->who_is(written_by("U1&x", "slack:T1:U1"));
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->url, "http://127.0.0.1:9/slack/api/users.info?include_locale=true&user=U1%26x");
    EXPECT_EQ(header_of(*asked, "Authorization"), "Bearer xoxb-1");
    EXPECT_EQ(asked->key, "person:slack:T1:U1");
    EXPECT_GT(asked->good_for.count(), 0);
}

TEST(SlackNames, AreNotAskedForWhereNobodyWroteOrNobodyWantsThem) {
    const auto who = written_by("U1", "slack:T1:U1");
    EXPECT_FALSE(connector_with(connectors::slack::make, {})->who_is(who)) << "no token";
    EXPECT_FALSE(
        connector_with(connectors::slack::make, {{"bot_token", "x"}, {"look_up_names", "false"}})->who_is(who));
    channel::record nobody;
    EXPECT_FALSE(connector_with(connectors::slack::make, {{"bot_token", "x"}})->who_is(nobody));
}

struct slack_case {
    const char* name;
    const char* body;
    bool with_email;
    const char* person;
    const char* language;
    const char* email;
};

class SlackPerson : public ::testing::TestWithParam<slack_case> {};

TEST_P(SlackPerson, IsReadAsFarAsItIsTold) {
    const auto& one = GetParam();
    const auto slack = connector_with(connectors::slack::make,
                                      {{"bot_token", "x"}, {"email_identity", one.with_email ? "true" : "false"}});
    const auto said = slack->introduced({"slack:T1:U1", proof::proven}, {200, one.body});
    EXPECT_EQ(said.name, one.person);
    EXPECT_EQ(said.language, one.language);
    const std::string email(one.email);
    ASSERT_EQ(said.identities.size(), email.empty() ? 0U : 1U);
    if (!email.empty()) {
        EXPECT_EQ(said.identities[0].text, email);
        EXPECT_EQ(said.identities[0].proven, proof::proven);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Answers, SlackPerson,
    ::testing::Values(
        slack_case{
            "all of it",
            R"({"ok":true,"user":{"id":"U1","team_id":"T1","name":"ann","locale":"es-ES","is_email_confirmed":true,)"
            R"("profile":{"real_name":"Ann Able","display_name":"annie","email":"Ann@X.example"}}})",
            true, "Ann Able", "es-ES", "email:ann@x.example"},
        slack_case{"the address is not wanted",
                   R"({"ok":true,"user":{"id":"U1","team_id":"T1","is_email_confirmed":true,)"
                   R"("profile":{"real_name":"Ann","email":"ann@x.example"}}})",
                   false, "Ann", "", ""},
        slack_case{
            "an address that nobody has confirmed",
            R"({"ok":true,"user":{"id":"U1","team_id":"T1","profile":{"real_name":"Ann","email":"ann@x.example"}}})",
            true, "Ann", "", ""},
        slack_case{"a member of another workspace",
                   R"({"ok":true,"user":{"id":"U1","team_id":"T2","is_email_confirmed":true,)"
                   R"("profile":{"real_name":"Ann","email":"ann@x.example"}}})",
                   true, "Ann", "", ""},
        slack_case{"a stranger of a shared channel",
                   R"({"ok":true,"user":{"id":"U1","team_id":"T1","is_stranger":true,"is_email_confirmed":true,)"
                   R"("profile":{"real_name":"Ann","email":"ann@x.example"}}})",
                   true, "Ann", "", ""},
        slack_case{"somebody else",
                   R"({"ok":true,"user":{"id":"U2","team_id":"T1","is_email_confirmed":true,)"
                   R"("profile":{"real_name":"Ann","email":"ann@x.example"}}})",
                   true, "Ann", "", ""},
        slack_case{"no real name",
                   R"({"ok":true,"user":{"name":"ann","profile":{"real_name":" ","display_name":"annie"}}})", true,
                   "annie", "", ""},
        slack_case{"only the handle", R"({"ok":true,"user":{"name":"ann"}})", true, "ann", "", ""},
        slack_case{"an error", R"({"ok":false,"error":"missing_scope","user":{"name":"ann"}})", true, "", "", ""},
        slack_case{"no JSON", "<html>", true, "", "", ""}, slack_case{"nothing", "", true, "", "", ""}));

TEST(MetaNames, AreAskedOfTheGraphApi) {
    const auto page = connector_with(connectors::messenger::make,
                                     {{"access_token", "page-token"}, {"api_base", "http://127.0.0.1:9/graph"}});
    const auto asked = page->who_is(written_by("7/7", "messenger:1:77"));
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->url, "http://127.0.0.1:9/graph/v25.0/7%2F7?fields=first_name,last_name");
    EXPECT_EQ(header_of(*asked, "Authorization"), "Bearer page-token");
    const auto account = connector_with(connectors::instagram::make, {{"access_token", "t"}});
    EXPECT_EQ(account->who_is(written_by("9", "instagram:1:9"))->url,
              "https://graph.instagram.com/v21.0/9?fields=name,username");
}

TEST(MetaNames, AreNotAskedForWhereNobodyWroteOrNobodyWantsThem) {
    const auto who = written_by("77", "messenger:1:77");
    EXPECT_FALSE(connector_with(connectors::messenger::make, {})->who_is(who)) << "no token";
    EXPECT_FALSE(
        connector_with(connectors::messenger::make, {{"access_token", "t"}, {"look_up_names", "false"}})->who_is(who));
    auto read = who;
    read.kind = record_kind::status;
    const auto page = connector_with(connectors::messenger::make, {{"access_token", "t"}});
    EXPECT_FALSE(page->who_is(read));
    EXPECT_FALSE(page->who_is({}));
}

TEST(MetaNames, AreReadInWhateverFormTheyCome) {
    const auto page = connector_with(connectors::messenger::make, {{"access_token", "t"}});
    const auto named = [&](const std::string& body) {
        return page->introduced({"messenger:1:77", proof::proven}, {200, body}).name;
    };
    EXPECT_EQ(named(R"({"first_name":"Ann","last_name":"Able","id":"77"})"), "Ann Able");
    EXPECT_EQ(named(R"({"first_name":"Ann"})"), "Ann");
    EXPECT_EQ(named(R"({"last_name":"Able"})"), "Able");
    EXPECT_EQ(named(R"({"name":" Ann Able ","username":"annie"})"), "Ann Able");
    EXPECT_EQ(named(R"({"name":"","username":"annie"})"), "annie");
    EXPECT_EQ(named(R"({"id":"77"})"), "");
    EXPECT_EQ(named(R"({"error":{"code":100}})"), "");
    EXPECT_EQ(named("<html>"), "");
}

TEST(LineNames, AreAskedOfTheProfileWhereSomebodyWrote) {
    const auto line = connector_with(connectors::line::make,
                                     {{"channel_access_token", "tok"}, {"api_base", "http://127.0.0.1:9/line"}});
    auto who = written_by("U1", "line:D1:U1");
    who.thread = "U1";
    const auto asked = line->who_is(who);
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->url, "http://127.0.0.1:9/line/v2/bot/profile/U1");
    EXPECT_EQ(header_of(*asked, "Authorization"), "Bearer tok");
    EXPECT_EQ(asked->key, "person:line:D1:U1");
    EXPECT_GT(asked->good_for.count(), 0);
    who.thread = "C9";
    EXPECT_EQ(line->who_is(who)->url, "http://127.0.0.1:9/line/v2/bot/group/C9/member/U1");
    who.thread = "R9";
    EXPECT_EQ(line->who_is(who)->url, "http://127.0.0.1:9/line/v2/bot/room/R9/member/U1");
    who.kind = record_kind::control;
    EXPECT_FALSE(line->who_is(who)) << "nobody wrote";
    who.kind = record_kind::message;
    EXPECT_FALSE(connector_with(connectors::line::make, {})->who_is(who)) << "no token";
    EXPECT_FALSE(connector_with(connectors::line::make, {{"channel_access_token", "t"}, {"look_up_names", "false"}})
                     ->who_is(who));
    who.from.clear();
    EXPECT_FALSE(line->who_is(who)) << "a group whose member is not named";
}

TEST(LineNames, AreReadAsFarAsTheyAreTold) {
    const auto line = connector_with(connectors::line::make, {{"channel_access_token", "tok"}});
    const auto said = [&](const char* body) { return line->introduced({"line:D1:U1", proof::proven}, {200, body}); };
    EXPECT_EQ(said(R"({"displayName":" Lina ","language":"ja"})").name, "Lina");
    EXPECT_EQ(said(R"({"displayName":"Lina","language":"ja"})").language, "ja");
    EXPECT_EQ(said(R"({"displayName":"Lina"})").language, "");
    for (const auto* body : {"", "[]", "{}", R"({"displayName":7})"}) EXPECT_EQ(said(body).name, "") << body;
}

}  // namespace
}  // namespace kindred::testing
