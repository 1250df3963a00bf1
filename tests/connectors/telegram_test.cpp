#include "connectors/telegram/connector.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;

const std::string token = "f3c1-Secret_Token";
const std::string token_header = "X-Telegram-Bot-Api-Secret-Token";
const std::string person = R"({"id":7,"is_bot":false,"first_name":"Zoe","language_code":"de"})";
const std::string chat = R"({"id":7,"type":"private"})";

std::string update(const std::string& member) { return R"({"update_id":10,)" + member + "}"; }

/// A message of `person` with more members.
std::string message(const std::string& more, const std::string& where = chat, const std::string& who = person) {
    return R"({"message_id":5,"date":1767225600,"from":)" + who + R"(,"chat":)" + where + "," + more + "}";
}

const std::string good_body = update(R"("message":)" + message(R"("text":"hi")"));

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}, {token_header, token}};
    return made;
}

std::unique_ptr<channel::connector> bot() {
    return connector_with(connectors::telegram::make,
                          {{"secret_token", token}, {"bot_token", "12:ab"}, {"api_base", "http://127.0.0.1:9"}});
}

channel::record received(const std::string& member) {
    const auto made = bot()->receive(posted(update(member)).view(), {});
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(Telegram, WrongRequestsAreRefusedWithTheirReason) {
    const auto body = [](const std::string& bytes) { return [=](recorded_request& r) { r.body = bytes; }; };
    expect_refused(
        *bot(), posted(good_body), {},
        {
            {"a flipped bit in the token", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"the beginning of the token", [](auto& r) { r.headers[1].second.pop_back(); }, 403, "wrong_signature"},
            {"a letter more", [](auto& r) { r.headers[1].second += 'x'; }, 403, "wrong_signature"},
            {"no token", [](auto& r) { remove_header(r, token_header); }, 401, "missing_signature", wrong::missing},
            {"an empty token", [](auto& r) { set_header(r, token_header, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the token twice", [](auto& r) { double_header(r, token_header); }, 401, "missing_signature",
             wrong::doubled},
            {"the bot's token", [](auto& r) { set_header(r, token_header, "12:ab"); }, 403, "wrong_signature"},
            {"a form", [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"empty", body(""), 400, "malformed"},
            {"truncated", body(good_body.substr(0, 60)), 400, "malformed", wrong::truncated},
            {"invalid UTF-8", body(update("\"x\":\"\xFF\"")), 400, "malformed", wrong::utf8},
            {"a list", body("[]"), 400, "malformed", wrong::shape},
            {"no update id", body(R"({"message":{}})"), 400, "malformed", wrong::shape},
            {"a message without chat", body(update(R"("message":{"message_id":1})")), 400, "malformed"},
            {"a message without id", body(update(R"("message":{"chat":{"id":1}})")), 400, "malformed"},
            {"a press without id", body(update(R"("callback_query":{"data":"x"})")), 400, "malformed"},
            {"nested too deep", body(std::string(100'000, '[')), 400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/status"; }, 404, "unknown_path"},
            oversized(channel_kind::social),
        },
        {{wrong::algorithm, "a token is compared, not computed"},
         {wrong::stale_time, "a token carries no time; what comes again is known by its update id"},
         {wrong::account, "a token belongs to one bot"}});
    EXPECT_EQ(connector_with(connectors::telegram::make, {})->receive(posted(good_body).view(), {}).refused,
              "not_configured");
}

TEST(Telegram, BothTokensServeWhileOneReplacesTheOther) {
    const auto both = connector_with(connectors::telegram::make, {{"secret_token", "new"}, {"secret_token", token}});
    EXPECT_EQ(both->receive(posted(good_body).view(), {}).refused, "");
}

TEST(Telegram, APressIsAnsweredAtOnceSoThatTheButtonStopsSpinning) {
    const auto made = bot()->receive(
        posted(update(R"("callback_query":{"id":"99","from":)" + person + R"(,"data":"a","message":)" +
                      message(R"("reply_markup":{"inline_keyboard":[[{"text":"Billing","callback_data":"a"}]]})") +
                      "}"))
            .view(),
        {});
    EXPECT_EQ(made.reply.body, R"({"method":"answerCallbackQuery","callback_query_id":"99"})");
    EXPECT_EQ(made.reply.content_type, "application/json");
    ASSERT_EQ(made.records.size(), 1U);
    EXPECT_EQ(made.records[0].kind, record_kind::postback);
    EXPECT_EQ(made.records[0].text, "Billing");
    EXPECT_EQ(made.records[0].conversation, "7");
}

TEST(Telegram, WhatBotsAndTheServiceSayIsNoContact) {
    const std::string machine = R"({"id":8,"is_bot":true,"first_name":"B"})";
    EXPECT_EQ(received(R"("message":)" + message(R"("text":"hi")", chat, machine)).ignored_because, "bot");
    EXPECT_EQ(received(R"("message":)" + message(R"("new_chat_title":"x")")).ignored_because, "service_message");
    EXPECT_EQ(received(R"("poll":{"id":"1"})").ignored_because, "unknown_event");
    EXPECT_EQ(received(R"("edited_channel_post":{"message_id":1})").ignored_because, "channel_post");
    EXPECT_EQ(received(R"("message":)" + message(R"("migrate_to_chat_id":-100)")).kind, record_kind::control);
}

TEST(Telegram, EditsReactionsAndDeletionsNameTheirMessage) {
    const auto edit = received(R"("edited_message":)" + message(R"("text":"corrected")"));
    EXPECT_EQ(edit.kind, record_kind::edit);
    EXPECT_EQ(edit.provider_message_id, "7:5");
    const auto reaction = received(R"("message_reaction":{"chat":)" + chat + R"(,"message_id":3,"user":)" + person +
                                   R"(,"date":1,"old_reaction":[{"type":"emoji","emoji":"👍"}],"new_reaction":[]})");
    EXPECT_EQ(reaction.kind, record_kind::reaction);
    EXPECT_NE(to_json(reaction).find(R"("target":"7:3","emoji":"👍","removed":true)"), std::string::npos)
        << to_json(reaction);
    const auto made =
        bot()->receive(posted(update(R"("deleted_business_messages":{"business_connection_id":"b","chat":)" + chat +
                                     R"(,"message_ids":[1,2]})"))
                           .view(),
                       {});
    ASSERT_EQ(made.records.size(), 2U);
    EXPECT_EQ(made.records[1].kind, record_kind::deletion);
    EXPECT_EQ(made.records[1].event_id, "update:10:7:2");
}

TEST(Telegram, AnAnimationIsOneFileThoughItComesTwice) {
    const auto made = received(
        R"("message":)" + message(R"("animation":{"file_id":"a","mime_type":"video/mp4"},"document":{"file_id":"a"})"));
    ASSERT_EQ(made.attachments.size(), 1U);
    EXPECT_EQ(made.attachments[0].type, "video/mp4");
}

channel::outgoing answer_to(std::string chat_id, std::string text) {
    channel::outgoing message;
    message.text = std::move(text);
    message.from = chat_id;
    message.thread = chat_id;
    message.provider_message_id = chat_id + ":77";
    return message;
}

TEST(Telegram, WhatAKeyboardsAppSendsIsAnAnswer) {
    const auto made =
        received(R"("message":)" + message(R"("web_app_data":{"data":"{\"size\":41}","button_text":"Choose a size"})"));
    EXPECT_EQ(made.kind, record_kind::message);
    EXPECT_EQ(made.text, "Choose a size");
    EXPECT_NE(to_json(made).find(R"("button_payload":"{\"size\":41}")"), std::string::npos);
}

TEST(Telegram, AnAnswerGoesToTheChatAndInGroupsToTheMessage) {
    const auto direct = bot()->deliver(answer_to("7", "hi"));
    ASSERT_TRUE(direct);
    EXPECT_EQ(direct->url, "http://127.0.0.1:9/bot12:ab/sendMessage");
    EXPECT_EQ(direct->body, R"({"chat_id":7,"text":"hi"})");
    auto in_topic = answer_to("-100", "hi");
    in_topic.thread = "-100:5";
    EXPECT_EQ(bot()->deliver(in_topic)->body,
              R"({"chat_id":-100,"text":"hi","message_thread_id":5,"reply_parameters":{"message_id":77,)"
              R"("allow_sending_without_reply":true}})");
    auto business = answer_to("7", "hi");
    business.details = R"({"business_connection_id":"b"})";
    EXPECT_EQ(bot()->deliver(business)->body, R"({"chat_id":7,"text":"hi","business_connection_id":"b"})");
}

TEST(Telegram, WhatCannotBeSentIsRefusedBeforeItIsTried) {
    EXPECT_TRUE(bot()->deliver(answer_to("7", std::string(4096, 'x'))));
    EXPECT_FALSE(bot()->deliver(answer_to("7", std::string(4097, 'x'))));
    EXPECT_FALSE(bot()->deliver(answer_to("7", "")));
    EXPECT_FALSE(bot()->deliver(answer_to("7", "\xFF")));
    EXPECT_FALSE(bot()->deliver(answer_to("", "hi")));
    EXPECT_FALSE(connector_with(connectors::telegram::make, {})->deliver(answer_to("7", "hi")));
}

TEST(Telegram, TheProvidersAnswerSaysWhetherToTryAgain) {
    const auto judged = [](unsigned status, const std::string& body) { return bot()->judge({status, {}, body}); };
    EXPECT_EQ(judged(200, R"({"ok":true,"result":{"message_id":9,"chat":{"id":-100}}})").provider_message_id, "-100:9");
    const auto slower =
        judged(429, R"({"ok":false,"error_code":429,"description":"d","parameters":{"retry_after":5}})");
    EXPECT_EQ(slower.outcome, delivery::state::retry);
    EXPECT_EQ(slower.retry_after, std::chrono::seconds{5});
    EXPECT_EQ(judged(403, R"({"ok":false,"error_code":403,"description":"blocked"})").reason,
              "Telegram error 403: blocked");
    EXPECT_EQ(judged(403, R"({"ok":false,"error_code":403,"description":"blocked"})").outcome, delivery::state::failed);
    EXPECT_EQ(judged(502, "<html>").outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
