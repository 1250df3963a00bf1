#include "connectors/vonage/connector.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::record_kind;
using settings = std::vector<std::pair<std::string, std::string>>;

const std::string secret = "a signature secret of Vonage's";
const time_point now = from_millis(1'790'000'000'000);
const std::string call_id = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
const std::string ringing = R"({"from":"447700900000","to":"442079460000","uuid":")" + call_id +
                            R"(","conversation_uuid":"CON-1","status":"ringing","timestamp":"2026-09-21T08:26:30Z"})";

std::string token(const std::string& claims, const std::string& with = secret,
                  const std::string& header = R"({"alg":"HS256","typ":"JWT"})") {
    const auto text = to_base64url(header) + "." + to_base64url(claims);
    return "Bearer " + text + "." + to_base64url(hmac_of(hash_kind::sha256, with, {text}));
}

std::string claims_for(const std::string& body, const std::string& more = R"(,"iat":1789999990)") {
    return R"({"jti":"1","api_key":"abcd1234","payload_hash":")" + channel::sha256_hex(body) + "\"" + more + "}";
}

recorded_request posted(const std::string& path, const std::string& body) {
    recorded_request made;
    made.url = "https://support.example.com/webhooks/case" + path;
    made.subpath = path.substr(0, path.find('?'));
    if (const auto question = path.find('?'); question != std::string::npos) made.query = path.substr(question + 1);
    made.headers = {{"Content-Type", "application/json"}, {"Authorization", token(claims_for(body))}};
    made.body = body;
    return made;
}

void with_body(recorded_request& request, const std::string& body) {
    request.body = body;
    set_header(request, "Authorization", token(claims_for(body)));
}

std::unique_ptr<channel::connector> phone(settings more = {}) {
    more.emplace_back("signature_secret", secret);
    return connector_with(connectors::vonage::make, more);
}

channel::reception received(const std::string& path, const std::string& body, const settings& more = {}) {
    auto made = phone(more)->receive(posted(path, body).view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    if (made.records.empty()) made.records.emplace_back();
    return made;
}

TEST(Vonage, WrongRequestsAreRefusedWithTheirReason) {
    const std::string header = "Authorization";
    const auto claims = claims_for(ringing);
    expect_refused(
        *phone({{"api_key", "abcd1234"}}), posted("/event", ringing), now,
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the token", [](auto& r) { flip_bit(r.headers.back().second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no token", [&](auto& r) { remove_header(r, header); }, 401, "missing_signature", wrong::missing},
            {"an empty header", [&](auto& r) { set_header(r, header, ""); }, 401, "missing_signature", wrong::empty},
            {"the token twice", [&](auto& r) { double_header(r, header); }, 401, "missing_signature", wrong::doubled},
            {"credentials instead", [&](auto& r) { set_header(r, header, "Basic abc"); }, 401, "missing_signature"},
            {"another account's secret", [&](auto& r) { set_header(r, header, token(claims, "other")); }, 403,
             "wrong_signature"},
            {"the algorithm none",
             [&](auto& r) {
                 set_header(r, header,
                            "Bearer " + to_base64url(R"({"alg":"none"})") + "." + to_base64url(claims) + ".");
             },
             403, "wrong_signature", wrong::algorithm},
            {"another algorithm named",
             [&](auto& r) { set_header(r, header, token(claims, secret, R"({"alg":"RS256"})")); }, 403,
             "wrong_signature", wrong::algorithm},
            {"an extension that must be understood",
             [&](auto& r) { set_header(r, header, token(claims, secret, R"({"alg":"HS256","crit":["b64"]})")); }, 403,
             "wrong_signature"},
            {"a token about another body", [&](auto& r) { set_header(r, header, token(claims_for("{}"))); }, 403,
             "wrong_signature"},
            {"a token about no body", [&](auto& r) { set_header(r, header, token(R"({"iat":1789999990})")); }, 403,
             "wrong_signature"},
            {"another account",
             [&](auto& r) {
                 auto other = claims;
                 other.replace(other.find("abcd1234"), 8, "abcd1235");
                 set_header(r, header, token(other));
             },
             403, "wrong_account", wrong::account},
            {"no time", [&](auto& r) { set_header(r, header, token(claims_for(ringing, ""))); }, 403, "stale",
             wrong::stale_time},
            {"expired",
             [&](auto& r) {
                 set_header(r, header, token(claims_for(ringing, R"(,"iat":1789999990,"exp":1789999995)")));
             },
             403, "stale", wrong::stale_time},
            {"six minutes later", [](auto&) {}, 403, "stale", wrong::stale_time, now + std::chrono::minutes{6}},
            {"six minutes before its time", [](auto&) {}, 403, "stale", wrong::stale_time,
             now - std::chrono::minutes{6}},
            {"a form by its content type",
             [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"truncated and signed again", [](auto& r) { with_body(r, r.body.substr(0, 30)); }, 400, "malformed",
             wrong::truncated},
            {"a list", [](auto& r) { with_body(r, "[]"); }, 400, "malformed", wrong::shape},
            {"an event of nothing", [](auto& r) { with_body(r, "{}"); }, 400, "malformed"},
            {"invalid UTF-8", [](auto& r) { with_body(r, "{\"status\":\"\xC3\"}"); }, 400, "malformed", wrong::utf8},
            {"an address of nobody", [](auto& r) { r.subpath = "/nowhere"; }, 404, "unknown_path"},
            oversized(channel_kind::phone),
        },
        {});
}

TEST(Vonage, WithoutSecretNothingIsAccepted) {
    const auto connector = connector_with(connectors::vonage::make, {});
    EXPECT_EQ(connector->receive(posted("/event", ringing).view(), now).refused, "not_configured");
}

const std::string hooks = "https://support.example.com/webhooks/case";

TEST(Vonage, NumbersGetTheirPlusAndNamesDoNot) {
    struct row {
        std::string written, read;
        bool known;
    };
    for (const auto& each : std::vector<row>{{"447700900000", "+447700900000", true},
                                             {"anonymous", "anonymous", false},
                                             {"sip:a@example.org", "sip:a@example.org", false},
                                             {"12345", "12345", false},
                                             {"0049171", "0049171", false}}) {
        const auto made = received("/answer", R"({"from":")" + each.written + R"(","to":"1","uuid":"u1"})");
        EXPECT_EQ(made.records[0].from, each.read);
        EXPECT_EQ(!made.records[0].identities.empty(), each.known) << each.written;
    }
}

TEST(Vonage, ACallIsGreetedAndWaitsWhateverTheEngineDoes) {
    const auto made = received("/answer", ringing);
    EXPECT_EQ(made.records[0].kind, record_kind::call);
    EXPECT_EQ(made.when, channel::answer_after::decision);
    const auto ncco = json::document::parse(made.reply.body);
    ASSERT_TRUE(ncco) << made.reply.body;
    EXPECT_EQ(ncco->root().at(0)["action"].text(), "talk");
    EXPECT_EQ(ncco->root().at(1)["action"].text(), "input");
    EXPECT_EQ(ncco->root().at(1)["eventUrl"].at(0).text(), hooks + "/wait?language=en");
    channel::situation closed;
    closed.queue_open = false;
    const auto heard = json::document::parse(phone()->answer_for(made.records[0], closed).body);
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->root().size(), 1U);
}

TEST(Vonage, TheMenusComeBeforeTheContact) {
    const settings asks{{"ask_language", "true"},
                        {"menu", "orders"},
                        {"menu_orders_en", "For your order, press {digit}."},
                        {"menu_orders_es", "Para su pedido, oprima el {digit}."}};
    const auto languages = received("/answer", ringing, asks);
    EXPECT_EQ(languages.records[0].ignored_because, "menu");
    EXPECT_NE(languages.reply.body.find(hooks + "/input?step=language"), std::string::npos) << languages.reply.body;
    const auto keys = [](const std::string& digits) {
        return R"({"uuid":")" + call_id +
               R"(","conversation_uuid":"CON-1","from":"447700900000","to":"442079460000",)" + R"("dtmf":{"digits":")" +
               digits + R"(","timed_out":false}})";
    };
    const auto topics = received("/input?step=language", keys("2"), asks);
    EXPECT_EQ(topics.records[0].ignored_because, "menu");
    EXPECT_NE(topics.reply.body.find("Para su pedido, oprima el 1."), std::string::npos) << topics.reply.body;
    const auto call = received("/input?language=es&step=topic", keys("1"), asks);
    EXPECT_EQ(call.when, channel::answer_after::decision);
    ASSERT_EQ(call.records[0].kind, record_kind::call);
    EXPECT_EQ(call.records[0].event_id, "call:" + call_id);
    EXPECT_EQ(call.records[0].locale, "es");
    EXPECT_EQ(call.records[0].details.back().json, R"("orders")");
    EXPECT_EQ(call.records[0].identities.size(), 1U);
    const auto nothing = received("/input?language=es&step=topic", keys(""), asks);
    ASSERT_EQ(nothing.records[0].kind, record_kind::call);
    for (const auto& each : nothing.records[0].details) EXPECT_NE(each.name, "intent");
}

channel::situation second_in_line() {
    channel::situation stands;
    stands.language = "en";
    stands.queue = "sales";
    stands.position = 2;
    stands.estimated_wait = std::chrono::seconds{150};
    return stands;
}

std::string waiting_round(const std::string& digits, const std::string& from = "447700900000") {
    return R"({"uuid":")" + call_id + R"(","conversation_uuid":"CON-1","from":")" + from +
           R"(","to":"442079460000","dtmf":{"digits":")" + digits + R"("}})";
}

TEST(Vonage, AWaitingCallerGoesRoundWithFreshFigures) {
    const settings with_music{{"hold_music", "https://files.example.com/hold.mp3"}};
    const auto asked = received("/wait?language=es&queue=sales", waiting_round(""), with_music);
    EXPECT_EQ(asked.when, channel::answer_after::nothing);
    EXPECT_EQ(asked.records[0].kind, record_kind::queue_wait);
    EXPECT_EQ(asked.records[0].conversation, "call:CON-1");
    const auto heard = json::document::parse(phone(with_music)->answer_for(asked.records[0], second_in_line()).body);
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->root().at(0)["text"].text(), "Usted es el número 2 en la fila.");
    EXPECT_EQ(heard->root().at(1)["text"].text(), "La espera es de unos 3 minutos.");
    EXPECT_EQ(heard->root().at(2)["action"].text(), "stream");
    EXPECT_EQ(heard->root().at(3)["eventUrl"].at(0).text(), hooks + "/wait?language=es&queue=sales");
}

TEST(Vonage, AKeyAsksForACallOrLeavesAMessage) {
    const settings keys{{"callback_key", "1"}, {"voicemail_key", "2"}, {"voicemail_when_closed", "true"}};
    const auto wanted = received("/wait?language=en&queue=sales", waiting_round("1"), keys);
    EXPECT_EQ(wanted.when, channel::answer_after::decision);
    EXPECT_EQ(wanted.records[0].kind, record_kind::ivr_input);
    EXPECT_EQ(wanted.records[0].event_id, "callback:CON-1");
    EXPECT_NE(phone(keys)->answer_for(wanted.records[0], second_in_line()).body.find("call you back"),
              std::string::npos);
    EXPECT_EQ(received("/wait", waiting_round("1", "anonymous"), keys).when, channel::answer_after::nothing);
    EXPECT_EQ(received("/wait", waiting_round("9"), keys).records[0].kind, record_kind::queue_wait);

    const auto message = received("/wait?language=en", waiting_round("2"), keys);
    const auto ncco = json::document::parse(message.reply.body);
    ASSERT_TRUE(ncco) << message.reply.body;
    EXPECT_EQ(ncco->root().at(1)["action"].text(), "record");
    EXPECT_EQ(ncco->root().at(1)["eventUrl"].at(0).text(), hooks + "/voicemail?language=en");
    auto closed = second_in_line();
    closed.queue_open = false;
    const auto call = received("/answer", ringing, keys).records[0];
    EXPECT_NE(phone(keys)->answer_for(call, closed).body.find("\"record\""), std::string::npos);
    closed.position = 0;
    EXPECT_EQ(phone(keys)->answer_for(call, closed).body.find("\"record\""), std::string::npos);
}

TEST(Vonage, ARecordedMessageIsAContactOfItsCall) {
    const auto made = received("/voicemail?language=en",
                               R"({"recording_url":"https://api.nexmo.com/v1/files/r1","recording_uuid":"r1",)"
                               R"("size":9000,"conversation_uuid":"CON-1","timestamp":"2026-01-01T00:00:00Z"})");
    EXPECT_EQ(made.reply.status, 204U);
    EXPECT_EQ(made.records[0].kind, record_kind::message);
    EXPECT_EQ(made.records[0].conversation, "call:CON-1");
    EXPECT_EQ(made.records[0].event_id, "voicemail:CON-1:r1");
    ASSERT_EQ(made.records[0].attachments.size(), 1U);
    EXPECT_EQ(made.records[0].attachments[0].url, "https://api.nexmo.com/v1/files/r1");
    EXPECT_TRUE(made.records[0].identities.empty()) << "the call says whose it is";
}

TEST(Vonage, AnAgentWhoDoesNotAnswerSendsTheCallerBackToWait) {
    const std::string path = "/agent?call=" + call_id + "&conversation=CON-1";
    const auto missed = received(path, R"({"uuid":"leg","status":"unanswered"})");
    EXPECT_EQ(missed.records[0].conversation, "call:CON-1");
    EXPECT_EQ(missed.records[0].kind, record_kind::queue_result);
    EXPECT_NE(missed.reply.body.find("could not be reached"), std::string::npos);
    EXPECT_NE(missed.reply.body.find(hooks + "/wait?language=en"), std::string::npos) << missed.reply.body;
    EXPECT_NE(to_json(missed.records[0]).find(R"("agent_answered":false)"), std::string::npos);
    EXPECT_EQ(received(path, R"({"uuid":"leg","status":"answered"})").reply.status, 204U);
    const auto gone = received(path, R"({"uuid":"leg","status":"cancelled"})");
    EXPECT_EQ(gone.records[0].status, "hangup") << "it is the caller who cancels before anybody picked up";
}

channel::outgoing answer_in(std::string call) {
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.text = "One minute";
    message.thread = "CON-1";
    message.to = "+442079460000";
    message.provider_message_id = std::move(call);
    message.at = now;
    return message;
}

/// A 1024-bit key made for this test alone.
settings with_key() {
    return {{"application_id", "app-1"},
            {"api_base", "http://127.0.0.1:9"},
            {"private_key", read_file(KINDRED_SOURCE_DIR "/tests/connectors/fixtures/vonage/application.pem")}};
}

TEST(Vonage, ACallIsTransferredToTheAgentOrHearsTheText) {
    const auto desk = phone(with_key());
    const auto said = desk->deliver(answer_in(call_id));
    ASSERT_TRUE(said);
    EXPECT_EQ(said->method, "PUT");
    EXPECT_EQ(said->url, "http://127.0.0.1:9/v1/calls/" + call_id);
    EXPECT_NE(said->body.find("One minute"), std::string::npos);
    const auto parts = split(said->headers[0].second, '.');
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(from_base64url(parts[1]), R"({"application_id":"app-1","iat":1790000000,"exp":1790086400,"jti":"k1"})");
    auto ring = answer_in(call_id);
    ring.agent_address = "+4917112345";
    const auto rung = desk->deliver(ring);
    ASSERT_TRUE(rung);
    EXPECT_NE(rung->body.find(R"({"type":"phone","number":"4917112345"})"), std::string::npos) << rung->body;
    EXPECT_NE(rung->body.find("&call=" + call_id + "&conversation=CON-1"), std::string::npos);
    ring.agent_address = "room 5";
    EXPECT_FALSE(desk->deliver(ring));
}

TEST(Vonage, ACallBackRingsTheAgentAndThenTheCustomer) {
    const auto desk = phone(with_key());
    auto message = answer_in(call_id);
    message.place_call = true;
    message.from = "+447700900000";
    message.agent_address = "+4917112345";
    const auto made = desk->deliver(message);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->method, "POST");
    EXPECT_EQ(made->url, "http://127.0.0.1:9/v1/calls");
    const auto body = json::document::parse(made->body);
    ASSERT_TRUE(body) << made->body;
    EXPECT_EQ((*body)["to"].at(0)["number"].text(), "4917112345");
    EXPECT_EQ((*body)["from"]["number"].text(), "442079460000");
    EXPECT_EQ((*body)["ncco"].at(0)["endpoint"].at(0)["number"].text(), "447700900000");
    EXPECT_NE((*body)["event_url"].at(0).text().find("&back=1"), std::string_view::npos);
    message.from = "anonymous";
    EXPECT_FALSE(desk->deliver(message));
}

TEST(Vonage, ACallThatAnAgentBeginsGoesOnFromNone) {
    auto message = answer_in({});
    message.place_call = true;
    message.thread.clear();
    message.to.clear();
    message.from = "+447700900000";
    message.agent_address = "sip:ann@desk.example";
    EXPECT_FALSE(phone(with_key())->deliver(message)) << "there is no number of ours";
    auto settings = with_key();
    settings.emplace_back("number", "+442079460000");
    const auto made = phone(settings)->deliver(message);
    ASSERT_TRUE(made) << made.error().message;
    const auto body = json::document::parse(made->body);
    ASSERT_TRUE(body) << made->body;
    EXPECT_EQ((*body)["to"].at(0)["uri"].text(), "sip:ann@desk.example");
    EXPECT_EQ((*body)["from"]["number"].text(), "442079460000");
    const auto goes = std::string((*body)["event_url"].at(0).text());
    EXPECT_TRUE(goes.ends_with("&back=1")) << goes;
    EXPECT_EQ(goes.find("conversation"), std::string::npos) << goes;
    const auto became = phone(settings)->judge({201, {}, R"({"uuid":"leg-1","conversation_uuid":"CON-9"})"});
    EXPECT_EQ(became.provider_message_id, "leg-1");
    const auto path = goes.substr(goes.find("/agent"));
    const auto vain = received(path, R"({"uuid":"leg-1","conversation_uuid":"CON-9","status":"busy"})");
    EXPECT_EQ(vain.records.at(0).references, std::vector<std::string>{"leg-1"});
    EXPECT_EQ(vain.records[0].details.back().name, "agent_answered");
}

TEST(Vonage, ANoticeIsSaidFirstInEachRound) {
    channel::record waits;
    waits.kind = channel::record_kind::queue_wait;
    waits.locale = "en";
    channel::situation now_is;
    now_is.position = 2;
    now_is.notice = "Our lines are \"busy\".";
    const auto said = phone()->answer_for(waits, now_is).body;
    const auto actions = json::document::parse(said);
    ASSERT_TRUE(actions) << said;
    EXPECT_EQ(actions->root().at(0)["action"].text(), "talk");
    EXPECT_EQ(actions->root().at(0)["text"].text(), "Our lines are \"busy\".");
    EXPECT_TRUE(*actions->root().at(0)["bargeIn"].boolean());
    EXPECT_NE(actions->root().at(1)["text"].text().find('2'), std::string_view::npos);
    // Vonage says 1500 characters at once: a longer one is said in parts, and nothing of it is lost.
    now_is.notice = std::string(1'000, 'a') + ". " + std::string(900, 'b') + '.';
    const auto parts = json::document::parse(phone()->answer_for(waits, now_is).body);
    EXPECT_EQ(parts->root().at(0)["text"].text().size() + parts->root().at(1)["text"].text().size(), 1'902U);
    now_is.notice.clear();
    EXPECT_EQ(phone()->answer_for(waits, now_is).body.find("busy"), std::string::npos);
}

TEST(Vonage, WhatCannotBeDoneIsRefusedBeforeItIsTried) {
    const auto desk = phone(with_key());
    EXPECT_FALSE(desk->deliver(answer_in("../../x")));
    auto long_text = answer_in(call_id);
    long_text.text = std::string(1501, 'x');
    EXPECT_FALSE(desk->deliver(long_text));
    EXPECT_EQ(desk->can().longest_text.most, 1500U) << "so that it is refused before it is written down";
    EXPECT_FALSE(phone()->deliver(answer_in(call_id)));
    EXPECT_EQ(desk->judge({404, {}, R"({"title":"Not Found","detail":"Call not found"})"}).reason,
              "Vonage: Call not found");
}

}  // namespace
}  // namespace kindred::testing
