#include "connectors/slack/connector.hpp"
#include "connectors/slack/mrkdwn.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;

const std::string secret = "signing secret";
const std::string signature = "X-Slack-Signature";
const std::string stamp_header = "X-Slack-Request-Timestamp";
constexpr std::int64_t now_s = 1'767'225'602;
const time_point now = from_millis(now_s * 1000);

void sign(recorded_request& request, std::int64_t at = now_s) {
    const auto stamp = std::to_string(at);
    set_header(request, stamp_header, stamp);
    set_header(request, signature,
               "v0=" + to_hex(hmac_of(hash_kind::sha256, secret, {"v0:", stamp, ":", request.body})));
}

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}};
    sign(made);
    return made;
}

std::string callback(const std::string& event) {
    return R"({"type":"event_callback","team_id":"T1","event_id":"Ev1",)"
           R"("authorizations":[{"user_id":"UBOT","is_bot":true}],"event":{)" +
           event + "}}";
}

std::string message(const std::string& more) {
    return R"("type":"message","user":"U1","channel":"C1","ts":"1767225600.000200",)" + more;
}

std::unique_ptr<channel::connector> app() {
    return connector_with(connectors::slack::make,
                          {{"signing_secret", secret}, {"bot_token", "xoxb-1"}, {"api_base", "http://127.0.0.1:9"}});
}

channel::record received(const std::string& event) {
    const auto made = app()->receive(posted(callback(event)).view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(Slack, WrongRequestsAreRefusedWithTheirReason) {
    const auto body = [](const std::string& bytes) {
        return [=](recorded_request& r) {
            r.body = bytes;
            sign(r);
        };
    };
    const auto good = callback(message(R"("text":"hi")"));
    expect_refused(
        *app(), posted(good), now,
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[2].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no signature", [](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"no time", [](auto& r) { remove_header(r, stamp_header); }, 401, "missing_signature"},
            {"the time twice", [](auto& r) { double_header(r, stamp_header); }, 401, "missing_signature",
             wrong::doubled},
            {"another time than was signed", [](auto& r) { set_header(r, stamp_header, std::to_string(now_s + 1)); },
             403, "wrong_signature"},
            {"without its version", [](auto& r) { r.headers[2].second.erase(0, 3); }, 403, "wrong_signature"},
            {"another version", [](auto& r) { r.headers[2].second[1] = '1'; }, 403, "wrong_signature",
             wrong::algorithm},
            {"five minutes and a second old", [](auto& r) { sign(r, now_s - 301); }, 403, "stale", wrong::stale_time},
            {"from the future", [](auto& r) { sign(r, now_s + 301); }, 403, "stale", wrong::stale_time},
            {"from the end of time", [](auto& r) { sign(r, INT64_MAX); }, 403, "stale", wrong::stale_time},
            {"text", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"empty", body(""), 400, "malformed"},
            {"truncated and signed again", body(good.substr(0, good.size() - 3)), 400, "malformed", wrong::truncated},
            {"invalid UTF-8", body("{\"type\":\"\xFF\"}"), 400, "malformed", wrong::utf8},
            {"no type", body("{}"), 400, "malformed", wrong::shape},
            {"a handshake without challenge", body(R"({"type":"url_verification"})"), 400, "malformed"},
            {"no event id", body(R"({"type":"event_callback","event":{}})"), 400, "malformed", wrong::shape},
            {"a message without channel", body(callback(R"("type":"message","ts":"1.2")")), 400, "malformed"},
            {"a message without time", body(callback(R"("type":"message","channel":"C")")), 400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/events"; }, 404, "unknown_path"},
            oversized(channel_kind::chat),
        },
        {{wrong::account, "a signing secret belongs to one app, which serves every workspace that has it"}});
    EXPECT_EQ(connector_with(connectors::slack::make, {})->receive(posted(good).view(), now).refused, "not_configured");
}

TEST(Slack, WhatCannotBeReadIsNotWantedAgain) {
    const auto made = app()->receive(posted("{}").view(), now);
    ASSERT_EQ(made.reply.headers.size(), 1U);
    EXPECT_EQ(made.reply.headers[0], channel::header("X-Slack-No-Retry", "1"));
}

TEST(Slack, EachThreadOfAChannelIsAConversationAndADirectTalkIsOne) {
    EXPECT_EQ(received(message(R"("text":"new")")).conversation, "C1:1767225600.000200");
    EXPECT_EQ(received(message(R"("text":"more","thread_ts":"1767225500.000100")")).conversation,
              "C1:1767225500.000100");
    const auto direct = received(R"("type":"message","user":"U1","channel":"D1","ts":"1767225600.123456","text":"hi")");
    EXPECT_EQ(direct.conversation, "D1");
    EXPECT_EQ(direct.at, from_millis(1'767'225'600'123));
    const std::vector<identity> wanted{{"slack:T1:U1", proof::proven}};
    EXPECT_EQ(direct.identities, wanted);
    EXPECT_EQ(direct.to, "UBOT");
}

TEST(Slack, BotsPreviewsAndNoticesAreNoContacts) {
    EXPECT_EQ(received(message(R"("text":"x","bot_id":"B1")")).kind, record_kind::echo);
    EXPECT_EQ(received(message(R"("text":"x","subtype":"channel_join")")).ignored_because, "system_message");
    EXPECT_EQ(received(R"("type":"team_join")").ignored_because, "unknown_event");
    const auto changed = [](const std::string& before, const std::string& after) {
        return received(message(R"("subtype":"message_changed","message":{"user":"U1","ts":"5.000001","text":")" +
                                after + R"("},"previous_message":{"text":")" + before + R"("})"));
    };
    EXPECT_EQ(changed("a", "a").ignored_because, "unchanged");
    EXPECT_EQ(changed("a", "b").kind, record_kind::edit);
    EXPECT_EQ(changed("a", "b").provider_message_id, "C1:5.000001");
    EXPECT_EQ(received(R"("type":"tokens_revoked")").kind, record_kind::control);
}

TEST(Slack, AReactionRefersToItsMessage) {
    const auto made = received(R"("type":"reaction_removed","user":"U1","reaction":"thumbsup",)"
                               R"("item":{"type":"message","channel":"C1","ts":"5.000001"})");
    EXPECT_EQ(made.kind, record_kind::reaction);
    EXPECT_EQ(made.references, std::vector<std::string>{"C1:5.000001"});
    EXPECT_NE(to_json(made).find(R"("emoji":"thumbsup","removed":true)"), std::string::npos);
}

TEST(Slack, ACommandIsAMessageOfItsUser) {
    auto request =
        posted("team_id=T1&channel_id=C1&user_id=U1&user_name=ann&command=%2Fhelp&text=my+lamp&trigger_id=9.1");
    set_header(request, "Content-Type", "application/x-www-form-urlencoded");
    const auto made = app()->receive(request.view(), now);
    ASSERT_EQ(made.records.size(), 1U);
    EXPECT_EQ(made.records[0].text, "my lamp");
    EXPECT_EQ(made.records[0].event_id, "command:9.1");
    EXPECT_EQ(made.records[0].conversation, "C1>U1");
}

channel::reception interacted(const std::string& payload) {
    auto request = posted("payload=" + encode_percent(payload));
    set_header(request, "Content-Type", "application/x-www-form-urlencoded");
    return app()->receive(request.view(), now);
}

const std::string who = R"("team":{"id":"T1"},"user":{"id":"U1","username":"ann"},"trigger_id":"9.1")";

TEST(Slack, APressedButtonIsAPostbackBelowItsMessage) {
    const auto made = interacted(
        R"({"type":"block_actions",)" + who +
        R"(,"channel":{"id":"C1"},"message":{"ts":"5.000001","thread_ts":"4.000001","text":"Which?"},"actions":[)"
        R"({"type":"button","action_id":"a1","value":"billing","text":{"type":"plain_text","text":"My bill"}},)"
        R"({"type":"static_select","action_id":"a2","selected_option":{"text":{"text":"Blue"},"value":"b"}}]})");
    ASSERT_EQ(made.records.size(), 2U) << made.reply.body;
    EXPECT_EQ(made.reply.body, "") << "anything else would be shown in place of the message";
    const auto& pressed = made.records[0];
    EXPECT_EQ(pressed.kind, record_kind::postback);
    EXPECT_EQ(pressed.text, "My bill");
    EXPECT_EQ(pressed.conversation, "C1:4.000001");
    EXPECT_EQ(pressed.reply_to, "C1:5.000001");
    EXPECT_EQ(pressed.event_id, "interaction:9.1");
    EXPECT_NE(to_json(pressed).find(R"("button_payload":"billing")"), std::string::npos);
    EXPECT_EQ(made.records[1].text, "Blue");
    EXPECT_NE(made.records[1].event_id, pressed.event_id);
}

TEST(Slack, ShortcutsAndFormsAreAnsweredToThePerson) {
    const auto shortcut = interacted(R"({"type":"shortcut","callback_id":"open_ticket",)" + who + "}").records.at(0);
    EXPECT_EQ(shortcut.text, "open_ticket");
    EXPECT_EQ(shortcut.reply_address, "U1");
    const auto on_message =
        interacted(R"({"type":"message_action","callback_id":"report",)" + who +
                   R"(,"channel":{"id":"C1"},"message":{"ts":"5.000001","user":"U2","text":"It is &lt;broken&gt;"}})")
            .records.at(0);
    EXPECT_EQ(on_message.text, "It is <broken>");
    EXPECT_NE(to_json(on_message).find(R"("message_author":"U2")"), std::string::npos);
    const auto form =
        interacted(
            R"({"type":"view_submission",)" + who +
            R"(,"view":{"callback_id":"f","title":{"text":"Return"},"state":{"values":{"b":{"a":{"value":"x"}}}}}})")
            .records.at(0);
    EXPECT_EQ(form.text, "Return");
    EXPECT_NE(to_json(form).find(R"("form_answers":{"b":{"a":{"value":"x"}}})"), std::string::npos);
    EXPECT_EQ(interacted(R"({"type":"view_closed",)" + who + "}").records.at(0).kind, record_kind::ignored);
    EXPECT_EQ(interacted("{}").refused, "malformed");
    EXPECT_EQ(interacted(R"({"type":"shortcut","user":{}})").refused, "malformed");
    EXPECT_EQ(interacted(R"({"type":"block_actions",)" + who + R"(,"actions":[]})").refused, "malformed");
}

TEST(Slack, MarkupBecomesWhatPeopleRead) {
    const auto plain = [](std::string_view text) { return connectors::slack::to_plain_text(text); };
    EXPECT_EQ(plain("<@U1> a &lt;b&gt; &amp;amp; c"), "@U1 a <b> &amp; c");
    EXPECT_EQ(plain("<@U1|ann> in <#C1|general>"), "@ann in #general");
    EXPECT_EQ(plain("<https://x.example/?a=1&amp;b=2>"), "https://x.example/?a=1&b=2");
    EXPECT_EQ(plain("<https://x.example|the page>"), "the page (https://x.example)");
    EXPECT_EQ(plain("<mailto:a@b.example|a@b.example>"), "a@b.example");
    EXPECT_EQ(plain("<!here> <!subteam^S1|@team> <!date^1^{date}|yesterday>"), "@here @team yesterday");
    EXPECT_EQ(plain("a < b <"), "a < b <");
    EXPECT_EQ(plain("<>"), "");
    EXPECT_EQ(plain(connectors::slack::escaped("<@U1> & <b>")), "<@U1> & <b>");
}

channel::outgoing answer_to(std::string thread, std::string text) {
    channel::outgoing message;
    message.text = std::move(text);
    message.thread = thread;
    message.from = thread.substr(0, thread.find(':'));
    message.provider_message_id = message.from + ":7.000001";
    return message;
}

TEST(Slack, AnAnswerGoesIntoTheThreadOrBeginsOneInAChannel) {
    const auto body = [](const std::string& thread) { return app()->deliver(answer_to(thread, "a<b"))->body; };
    EXPECT_EQ(app()->deliver(answer_to("C1", "x"))->url, "http://127.0.0.1:9/api/chat.postMessage");
    EXPECT_EQ(body("C1:5.000001"), R"({"channel":"C1","text":"a&lt;b","thread_ts":"5.000001"})");
    EXPECT_EQ(body("C1"), R"({"channel":"C1","text":"a&lt;b","thread_ts":"7.000001"})");
    EXPECT_EQ(body("D1"), R"({"channel":"D1","text":"a&lt;b"})");
}

TEST(Slack, WhatCannotBeSentIsRefusedBeforeItIsTried) {
    EXPECT_TRUE(app()->deliver(answer_to("C1", std::string(40'000, 'x'))));
    for (const auto& text : {std::string(40'001, 'x'), std::string{}, std::string("\xFF")})
        EXPECT_FALSE(app()->deliver(answer_to("C1", text)));
    EXPECT_FALSE(app()->deliver(answer_to("", "hi")));
    EXPECT_FALSE(connector_with(connectors::slack::make, {})->deliver(answer_to("C1", "hi")));
}

TEST(Slack, A200ThatSaysNoIsAFailure) {
    const auto judged = [](unsigned status, const std::string& body) { return app()->judge({status, {}, body}); };
    EXPECT_EQ(judged(200, R"({"ok":true,"channel":"C1","ts":"9.1"})").provider_message_id, "C1:9.1");
    EXPECT_EQ(judged(200, R"({"ok":false,"error":"channel_not_found"})").outcome, delivery::state::failed);
    EXPECT_EQ(judged(200, R"({"ok":false,"error":"ratelimited"})").outcome, delivery::state::retry);
    const auto slower = app()->judge({429, {{"Retry-After", "30"}}, R"({"ok":false,"error":"ratelimited"})"});
    EXPECT_EQ(slower.outcome, delivery::state::retry);
    EXPECT_EQ(slower.retry_after, std::chrono::seconds{30});
    EXPECT_EQ(judged(503, "").outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
