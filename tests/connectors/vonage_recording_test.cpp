#include "connectors/vonage/connector.hpp"
#include "engine/base/digest.hpp"
#include "engine/channel/signature.hpp"
#include "tests/connectors/support/recording_option.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

const std::string secret = "a signature secret of Vonage's";
const time_point now = from_millis(1'790'000'000'000);
const std::string call_id = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";

std::string about_call(const std::string& more) {
    return R"({"from":"447700900000","to":"442079460000","uuid":")" + call_id + R"(","conversation_uuid":"CON-1")" +
           more + "}";
}

recorded_request posted(const std::string& path, const std::string& body) {
    recorded_request made;
    made.url = "https://support.example.com/webhooks/case" + path;
    made.subpath = path.substr(0, path.find('?'));
    if (const auto question = path.find('?'); question != std::string::npos) made.query = path.substr(question + 1);
    const auto claims = R"({"jti":"1","iat":1789999990,"payload_hash":")" + channel::sha256_hex(body) + R"("})";
    const auto text = to_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + to_base64url(claims);
    made.headers = {
        {"Content-Type", "application/json"},
        {"Authorization", "Bearer " + text + "." + to_base64url(hmac_of(hash_kind::sha256, secret, {text}))}};
    made.body = body;
    return made;
}

std::unique_ptr<channel::connector> phone(const std::vector<std::pair<std::string, std::string>>& recording) {
    std::vector<channel::option> all{
        {"signature_secret", {secret}, false, 1, 1},
        {"application_id", {"app-1"}, false, 1, 1},
        {"private_key",
         {read_file(KINDRED_SOURCE_DIR "/tests/connectors/fixtures/vonage/application.pem")},
         false,
         1,
         1}};
    if (!recording.empty()) all.push_back(recording_option(recording));
    channel::options options("case", std::move(all), "https://support.example.com");
    auto made = connectors::vonage::make(options);
    EXPECT_TRUE(options.problems().empty());
    return made;
}

std::string put_through(const channel::connector& by, const std::string& details) {
    channel::outgoing message;
    message.provider_message_id = call_id;
    message.thread = "CON-1";
    message.agent_address = "+4917112345";
    message.details = details;
    message.at = now;
    const auto call = by.deliver(message);
    return call ? call->body : call.error().message;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(VonageRecording, OfWhoIsToldBeginsWithTheAgent) {
    const auto told = phone({{"consent", "tell"}});
    const auto received = told->receive(posted("/answer", about_call("")).view(), now);
    ASSERT_EQ(received.records.size(), 1U) << received.reply.body;
    EXPECT_TRUE(has(to_json(received.records[0]), R"("recording_consent":"told")"));
    EXPECT_TRUE(has(received.reply.body, "This call is recorded.")) << received.reply.body;
    const auto ncco = put_through(*told, R"({"recording_consent":"told"})");
    EXPECT_TRUE(has(ncco, R"([{"action":"record","format":"mp3","split":"conversation","eventUrl":)")) << ncco;
    EXPECT_TRUE(has(ncco, "/recording?language=en")) << ncco;
    EXPECT_FALSE(has(put_through(*told, "{}"), "record")) << "a call from before the setting";
    EXPECT_FALSE(has(put_through(*phone({}), R"({"recording_consent":"told"})"), R"("action":"record")"));
}

TEST(VonageRecording, OfWhoIsAskedNeedsTheKey) {
    const auto asks = phone({{"consent", "ask"}, {"agree_key", "5"}});
    const auto first = asks->receive(posted("/answer", about_call("")).view(), now);
    EXPECT_EQ(first.when, channel::answer_after::nothing);
    EXPECT_TRUE(has(first.reply.body, "If you agree, press 5")) << first.reply.body;
    EXPECT_TRUE(has(first.reply.body, "step=consent")) << first.reply.body;
    for (const auto& [digits, consent] :
         std::vector<std::pair<std::string, std::string>>{{"5", "given"}, {"1", "refused"}, {"", "refused"}}) {
        const auto body = about_call(R"(,"dtmf":{"digits":")" + digits + R"(","timed_out":false})");
        const auto answered = asks->receive(posted("/input?language=en&step=consent&topic=orders", body).view(), now);
        ASSERT_EQ(answered.records.size(), 1U);
        EXPECT_EQ(answered.records[0].kind, channel::record_kind::call);
        const auto shown = to_json(answered.records[0]);
        EXPECT_TRUE(has(shown, R"("recording_consent":")" + consent + '"')) << shown;
        EXPECT_TRUE(has(shown, R"("intent":"orders")")) << shown;
    }
    EXPECT_TRUE(has(put_through(*asks, R"({"recording_consent":"given"})"), R"("action":"record")"));
    EXPECT_FALSE(has(put_through(*asks, R"({"recording_consent":"refused"})"), R"("action":"record")"));
}

TEST(VonageRecording, IsAFileOfItsCallForItsTime) {
    const auto told = phone({{"consent", "tell"}, {"keep_for", "30d"}});
    const auto body =
        R"({"recording_url":"https://api.nexmo.com/v1/files/r1","recording_uuid":"r1","size":12,"conversation_uuid":"CON-1"})";
    const auto received = told->receive(posted("/recording?language=en", body).view(), now);
    ASSERT_EQ(received.records.size(), 1U) << received.reply.body;
    EXPECT_EQ(received.reply.status, 204U);
    const auto& made = received.records[0];
    EXPECT_EQ(made.kind, channel::record_kind::call_status);
    EXPECT_EQ(made.status, "recorded");
    EXPECT_EQ(made.conversation, "call:CON-1");
    EXPECT_TRUE(has(to_json(made), R"("keep_for_s":2592000)"));
    ASSERT_EQ(made.attachments.size(), 1U);
    EXPECT_EQ(made.attachments[0].name, "r1.mp3");
    EXPECT_EQ(made.attachments[0].type, "audio/mpeg");
    EXPECT_EQ(told->receive(posted("/recording", about_call("")).view(), now).refused, "malformed");
}

channel::outgoing call_to_a_customer() {
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.place_call = true;
    message.ticket = "4711";
    message.from = "+447700900000";
    message.to = "+442079460000";
    message.agent_address = "+4917112345";
    message.language = "en";
    message.at = now;
    return message;
}

/// The path and query of the address that `name` has within the text; empty when there is none.
std::string address_in(const std::string& text, const std::string& path) {
    const auto at = text.find("/webhooks/case" + path);
    if (at == std::string::npos) return {};
    const auto from = at + std::string("/webhooks/case").size();
    return text.substr(from, text.find('"', from) - from);
}

const std::string leg = R"("uuid":"leg-7","conversation_uuid":"CON-new")";

TEST(VonageRecording, OfACallThatWePlaceBeginsOnceTheCustomerWasTold) {
    const auto told = phone({{"consent", "tell"}, {"keep_for", "30d"}});
    const auto call = told->deliver(call_to_a_customer());
    ASSERT_TRUE(call);
    EXPECT_FALSE(has(call->body, R"("action":"record")")) << "nobody is told yet: " << call->body;
    EXPECT_TRUE(has(call->body, R"("number":"447700900000","onAnswer":{"url":)")) << call->body;
    EXPECT_FALSE(has(call->body, R"("number":"4917112345","onAnswer")")) << "the agent knows";
    const auto first = address_in(call->body, "/picked-up");
    const auto heard = told->receive(posted(first, "{" + leg + "}").view(), now);
    ASSERT_EQ(heard.records.size(), 1U) << heard.reply.body;
    EXPECT_EQ(heard.records[0].kind, channel::record_kind::call_status);
    EXPECT_EQ(heard.records[0].ticket, "4711");
    EXPECT_TRUE(has(to_json(heard.records[0]), R"("recording_consent":"told")"));
    EXPECT_TRUE(has(to_json(heard.records[0]), R"("recording_begun":true)"));
    EXPECT_LT(heard.reply.body.find("This call is recorded."), heard.reply.body.find(R"("action":"record")"));
    const auto sound = told->receive(
        posted(
            address_in(heard.reply.body, "/recording"),
            R"({"recording_url":"https://api.nexmo.com/v1/files/r1","recording_uuid":"r1","conversation_uuid":"CON-new"})")
            .view(),
        now);
    ASSERT_EQ(sound.records.size(), 1U) << sound.reply.body;
    EXPECT_EQ(sound.records[0].ticket, "4711") << "the call's ids are new: nobody knows them";
    EXPECT_TRUE(has(to_json(sound.records[0]), R"("keep_for_s":2592000)"));
}

TEST(VonageRecording, OfACallThatWePlaceWaitsForTheKeyWhereItIsAsked) {
    const auto asks = phone({{"consent", "ask"}, {"agree_key", "5"}});
    const auto first = address_in(asks->deliver(call_to_a_customer())->body, "/picked-up");
    const auto asked = asks->receive(posted(first, "{" + leg + "}").view(), now);
    EXPECT_EQ(asked.when, channel::answer_after::nothing);
    EXPECT_TRUE(has(asked.reply.body, "If you agree, press 5")) << asked.reply.body;
    EXPECT_FALSE(has(asked.reply.body, R"("action":"record")")) << asked.reply.body;
    const auto then = address_in(asked.reply.body, "/picked-up");
    for (const auto& [digits, consent] :
         std::vector<std::pair<std::string, std::string>>{{"5", "given"}, {"1", "refused"}, {"", "refused"}}) {
        const auto body = "{" + leg + R"(,"dtmf":{"digits":")" + digits + R"(","timed_out":false}})";
        const auto answered = asks->receive(posted(then, body).view(), now);
        ASSERT_EQ(answered.records.size(), 1U) << answered.reply.body;
        EXPECT_EQ(answered.records[0].ticket, "4711");
        EXPECT_TRUE(has(to_json(answered.records[0]), R"("recording_consent":")" + consent + '"'));
        EXPECT_EQ(has(answered.reply.body, R"("action":"record")"), consent == "given") << answered.reply.body;
        EXPECT_EQ(has(to_json(answered.records[0]), "recording_begun"), consent == "given");
    }
}

TEST(VonageRecording, ItsTicketIsBelievedOnlyAsWeWroteIt) {
    const auto told = phone({{"consent", "tell"}});
    const auto good = address_in(told->deliver(call_to_a_customer())->body, "/picked-up");
    const auto ticket_at = [&](const std::string& path) {
        const auto got = told->receive(posted(path, "{" + leg + "}").view(), now);
        EXPECT_EQ(got.refused, "") << path;
        return got.records.empty() ? std::string("none") : got.records[0].ticket;
    };
    EXPECT_EQ(ticket_at(good), "4711");
    const auto at = good.find("ticket=4711");
    ASSERT_NE(at, std::string::npos) << good;
    auto other = good;
    other.replace(at, 11, "ticket=4712");
    for (const auto& path : {other, good.substr(0, good.size() - 1), good + "0", good.substr(0, at + 11),
                             good.substr(0, at) + "ticket=", good.substr(0, at) + "ticket=-"})
        EXPECT_EQ(ticket_at(path), "") << path;
    // A replaced secret still tells whose it was.
    auto unconfigured = phone({});
    const auto plain = unconfigured->deliver(call_to_a_customer());
    EXPECT_FALSE(has(plain->body, "onAnswer")) << "where nothing is recorded nobody is told so";
}

TEST(VonageRecording, CannotBePausedAndSaysSo) {
    const auto told = phone({{"consent", "tell"}});
    EXPECT_TRUE(has(put_through(*told, R"({"recording_order":"pause"})"), "cannot pause"));
}

channel::outgoing hold_order(const char* order) {
    channel::outgoing message;
    message.provider_message_id = call_id;
    message.thread = "CON-1";
    message.language = "en";
    message.agent_address = "+4917112345";
    message.details = std::string(R"({"hold_order":")") + order + R"("})";
    message.at = now;
    return message;
}

/// The calls of an order, one after the other: method, what of the address is behind the call, body.
std::vector<std::string> calls_of(const channel::connector& by, const channel::outgoing& order) {
    std::vector<std::string> made;
    std::vector<channel::provider_answer> answered;
    auto next = std::optional(by.deliver(order).value());
    while (next) {
        const auto below = next->url.substr(next->url.find(call_id) + call_id.size());
        made.push_back(next->method + ' ' + below + ' ' + next->body);
        answered.push_back({204, {}, {}});
        next = by.deliver_further(order, answered).value();
    }
    return made;
}

TEST(Vonage, WhoIsOnHoldHearsNobodyIsHeardByNobodyAndIsToldToWait) {
    const auto works = phone({});
    EXPECT_EQ(calls_of(*works, hold_order("hold")),
              (std::vector<std::string>{R"(PUT  {"action":"earmuff"})", R"(PUT  {"action":"mute"})",
                                        R"(PUT /talk {"text":"One moment, please.","language":"en-US","loop":0})"}));
    EXPECT_EQ(
        calls_of(*works, hold_order("resume")),
        (std::vector<std::string>{R"(PUT  {"action":"unearmuff"})", R"(PUT  {"action":"unmute"})", "DELETE /talk "}));
    EXPECT_FALSE(works->deliver(hold_order("hold"))->headers.empty());
    auto placed = hold_order("hold");
    placed.place_call = true;
    EXPECT_EQ(works->deliver(placed).error().code, errc::invalid);
}

}  // namespace
}  // namespace kindred::testing
