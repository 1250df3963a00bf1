#include "connectors/bots/connector.hpp"
#include "engine/base/digest.hpp"
#include "engine/channel/standard_webhook.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::record_kind;
using ::testing::HasSubstr;
using settings = std::vector<std::pair<std::string, std::string>>;

const time_point now = from_millis(1'790'000'000'000);
const std::string token = "bot token";
const std::string whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const std::string of_dialogflow =
    R"({"detectIntentResponseId":"d-1","fulfillmentInfo":{"tag":"handoff"},"languageCode":"es-MX","text":"con una persona",)"
    R"("intentInfo":{"displayName":"talk.to.agent","confidence":1,"parameters":{"topic":{"resolvedValue":"bill"},"size":{"resolvedValue":9007199254740993}}},)"
    R"("sessionInfo":{"session":"projects/p/locations/l/agents/a/environments/e/sessions/s-9","parameters":{"topic":"billing","email":"Ann@Example.org","none":null}},)"
    R"("messages":[{"text":{"text":["Un momento."]}},{"payload":{"x":1}}],"sentimentAnalysisResult":{"score":0}})";
const std::string of_rasa =
    R"({"next_action":"action_handoff","sender_id":"u 1","tracker":{"slots":{"name":"Ann","phone":"+4917112345678"},)"
    R"("latest_message":{"text":"human","message_id":"m-1","intent":{"name":"human","confidence":0.97}},"latest_event_time":1767225600.1,)"
    R"("events":[{"event":"action","name":"x"},{"event":"user","text":"hi","timestamp":1767225500.25},{"event":"bot","text":"Hello!","timestamp":1767225501},{"event":"user","text":"human","timestamp":1767225600}]},"domain":{},"version":"3.6.0"})";
const std::string of_ours =
    R"({"conversation":"c-1","id":"h-1","text":"I want a person","language":"de","customer":{"name":"Ann","email":"ann@example.org","id":4711},)"
    R"("intent":"complaint","attributes":{"plan":"gold"},"transcript":[{"from":"user","text":"hello"},{"from":"bot","text":"hi","at":"2026-01-01T00:00:00Z"},{"from":"bot"}]})";

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}};
    return made;
}

std::unique_ptr<channel::connector> door(settings more = {}) {
    more.emplace_back("token", token);
    return connector_with(connectors::bots::make, more);
}

channel::reception received(const std::string& body, settings more = {}) {
    auto made = door(std::move(more))->receive(posted(body).view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    EXPECT_EQ(made.records.size(), 1U);
    return made;
}

TEST(Bots, WrongRequestsAreRefusedWithTheirReason) {
    const std::string header = "Authorization";
    const auto body = [](const std::string& bytes) { return [=](recorded_request& r) { r.body = bytes; }; };
    expect_refused(
        *door(), posted(of_rasa), now,
        {
            {"another token", [&](auto& r) { set_header(r, header, "Bearer guess"); }, 403, "wrong_signature"},
            {"a flipped bit in the token", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"another scheme", [&](auto& r) { set_header(r, header, "Basic " + token); }, 401, "missing_signature",
             wrong::algorithm},
            {"no token", [&](auto& r) { remove_header(r, header); }, 401, "missing_signature", wrong::missing},
            {"an empty header", [&](auto& r) { set_header(r, header, ""); }, 401, "missing_signature", wrong::empty},
            {"the header twice", [&](auto& r) { double_header(r, header); }, 401, "missing_signature", wrong::doubled},
            {"a wrong token in the address",
             [&](auto& r) {
                 remove_header(r, header);
                 r.query = "token=guess";
             },
             403, "wrong_signature"},
            {"text", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"empty", body(""), 400, "malformed"},
            {"truncated", body(of_rasa.substr(0, 60)), 400, "malformed", wrong::truncated},
            {"invalid UTF-8", body("{\"conversation\":\"\xFF\"}"), 400, "malformed", wrong::utf8},
            {"a list", body("[]"), 400, "malformed", wrong::shape},
            {"no conversation", body("{}"), 400, "malformed", wrong::shape},
            {"Dialogflow without session", body(R"({"detectIntentResponseId":"1"})"), 400, "malformed"},
            {"Rasa without sender", body(R"({"next_action":"action_handoff","tracker":{}})"), 400, "malformed"},
            {"Rasa without action", body(R"({"sender_id":"1","tracker":{}})"), 400, "malformed"},
            {"a message without text", body(R"({"type":"message","conversation":"1"})"), 400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/webhook"; }, 404, "unknown_path"},
            oversized(channel_kind::chat),
        },
        {{wrong::stale_time, "a token carries no time; a signed request is judged as Standard Webhooks are"},
         {wrong::account, "a token belongs to the channel: there is no account to be named"}});
}

TEST(Bots, ProveThemselvesByTokenCredentialsOrSignature) {
    const auto refusal = [](settings given, recorded_request request) {
        return connector_with(connectors::bots::make, given)->receive(request.view(), now).refused;
    };
    EXPECT_EQ(refusal({}, posted(of_rasa)), "not_configured");
    auto by_address = posted(of_rasa);
    remove_header(by_address, "Authorization");
    by_address.query = "token=bot+token";
    EXPECT_EQ(refusal({{"token", token}}, by_address), "");
    auto basic = posted(of_rasa);
    set_header(basic, "Authorization", "Basic " + to_base64("u:p"));
    EXPECT_EQ(refusal({{"basic_auth", "u:p"}}, basic), "");
    EXPECT_EQ(refusal({{"basic_auth", "u:p"}, {"token", token}}, basic), "");
    EXPECT_EQ(refusal({{"basic_auth", "u:q"}}, basic), "wrong_signature");
    auto signed_one = posted(of_ours);
    remove_header(signed_one, "Authorization");
    for (auto& each : channel::standard_webhook_headers({*channel::standard_webhook_secret(whsec)}, "1", now, of_ours))
        signed_one.headers.push_back(each);
    EXPECT_EQ(refusal({{"whsec", whsec}}, signed_one), "");
    signed_one.body += ' ';
    EXPECT_EQ(refusal({{"whsec", whsec}}, signed_one), "wrong_signature");
    EXPECT_EQ(refusal({{"whsec", whsec}}, posted(of_ours)), "missing_signature");
}

TEST(Bots, DialogflowHandsOverWithItsParametersAndTurn) {
    const auto made = received(of_dialogflow).records.at(0);
    EXPECT_EQ(made.kind, record_kind::handoff);
    EXPECT_EQ(made.thread, "s-9");
    EXPECT_EQ(made.event_id, "handoff:s-9:d-1");
    const std::vector<identity> wanted{{"bots:case:s-9", proof::proven}, {"email:ann@example.org", proof::claimed}};
    EXPECT_EQ(made.identities, wanted);
    const auto text = to_json(made);
    EXPECT_THAT(text, HasSubstr(R"("confidence":1,"sentiment":0)"));
    EXPECT_THAT(text,
                HasSubstr(R"("attributes":{"topic":"billing","email":"Ann@Example.org","size":9007199254740993})"));
    EXPECT_THAT(
        text,
        HasSubstr(
            R"("transcript":[{"from":"customer","text":"con una persona"},{"from":"bot","text":"Un momento."}])"));
}

TEST(Bots, RasaHandsOverWithItsWholeTalk) {
    const auto made = received(of_rasa).records.at(0);
    EXPECT_EQ(made.conversation, "u 1");
    EXPECT_EQ(made.display_name, "Ann");
    EXPECT_EQ(made.at, from_millis(1'767'225'600'100));
    ASSERT_EQ(made.identities.size(), 1U) << "a number that somebody typed proves nothing";
    EXPECT_THAT(
        to_json(made),
        HasSubstr(
            R"("transcript":[{"from":"customer","text":"hi","at":"2025-12-31T23:58:20.250Z"},{"from":"bot","text":"Hello!")"));
}

TEST(Bots, AnyOtherBotSpeaksOurForm) {
    const auto made = received(of_ours).records.at(0);
    EXPECT_EQ(made.kind, record_kind::handoff);
    EXPECT_EQ(made.identities.size(), 3U);
    EXPECT_THAT(
        to_json(made),
        HasSubstr(
            R"("transcript":[{"from":"customer","text":"hello"},{"from":"bot","text":"hi","at":"2026-01-01T00:00:00.000Z"}])"));
    const auto more = received(R"({"type":"message","conversation":"c-1","id":5,"text":"still there?"})").records.at(0);
    EXPECT_EQ(more.kind, record_kind::message);
    EXPECT_EQ(more.conversation, made.conversation);
    EXPECT_EQ(received(R"({"type":"rated","conversation":"c-1"})").records.at(0).ignored_because, "unknown_event");
}

TEST(Bots, WhatIsNoHandOverIsLeftToTheBot) {
    auto other = of_rasa;
    other.replace(other.find("action_handoff"), 14, "action_weather");
    const auto made = received(other);
    EXPECT_EQ(made.records.at(0).kind, record_kind::ignored);
    EXPECT_EQ(made.reply.status, 404U);
    EXPECT_THAT(made.reply.body, HasSubstr(R"("action_name":"action_weather")"));
    EXPECT_EQ(received(other, {{"actions", "action_weather"}}).records.at(0).kind, record_kind::handoff);
    EXPECT_EQ(received(of_dialogflow, {{"tags", "billing"}}).records.at(0).ignored_because, "other_tag");
    EXPECT_EQ(received(of_dialogflow, {{"tags", "Handoff"}}).records.at(0).kind, record_kind::handoff);
}

TEST(Bots, EachIsAnsweredInItsOwnForm) {
    const auto bots = door();
    channel::situation stands;
    stands.ticket = "7";
    stands.queue = "billing";
    stands.position = 2;
    stands.estimated_wait = std::chrono::seconds{90};
    const auto answer = [&](const std::string& body) {
        const auto made = bots->receive(posted(body).view(), now);
        EXPECT_EQ(made.when, channel::answer_after::decision);
        return bots->answer_for(made.records.at(0), stands).body;
    };
    EXPECT_EQ(
        answer(of_dialogflow),
        R"({"fulfillmentResponse":{"messages":[{"text":{"text":["Un momento, le comunico con una persona."]}},{"liveAgentHandoff":{"metadata":)"
        R"({"ticket":"7","queue":"billing","position":2,"estimated_wait_s":90}}}]},"sessionInfo":{"parameters":{"handoff":true,"ticket":"7"}}})");
    EXPECT_EQ(
        answer(of_rasa),
        R"({"events":[{"event":"pause"},{"event":"slot","name":"handed_off","value":true}],"responses":[{"text":"One moment, I connect you."}]})");
    EXPECT_EQ(
        answer(of_ours),
        R"({"handed_over":true,"text":"Einen Moment, ich verbinde Sie.","ticket":"7","queue":"billing","position":2,"estimated_wait_s":90})");
    EXPECT_THAT(received(of_ours, {{"handover_text", "Wait."}}).reply.body, HasSubstr("Wait."));
}

TEST(Bots, AnAnswerIsSaidByRasaOrHandedToTheCallback) {
    channel::outgoing message;
    message.idempotency_key = "k-1";
    message.text = "Here I am";
    message.thread = "u 1";
    message.at = now;
    message.details = R"({"bot":"rasa"})";
    EXPECT_FALSE(door()->deliver(message));
    const auto both = door({{"api_base", "http://127.0.0.1:5005"},
                            {"rasa_token", "r t"},
                            {"callback_url", "https://bot.example/in"},
                            {"callback_secret", whsec}});
    const auto said = both->deliver(message);
    ASSERT_TRUE(said);
    EXPECT_EQ(said->url,
              "http://127.0.0.1:5005/conversations/u%201/tracker/"
              "events?output_channel=latest&execute_side_effects=true&token=r%20t");
    EXPECT_THAT(said->body, HasSubstr(R"({"event":"bot","text":"Here I am")"));
    message.details = R"({"bot":"dialogflow-cx"})";
    EXPECT_EQ(both->deliver(message)->url, "https://bot.example/in");
    EXPECT_FALSE(door({{"callback_url", "https://bot.example/in"}})->deliver(message)) << "unsigned";
    message.text.clear();
    EXPECT_FALSE(both->deliver(message));
}

TEST(Bots, RecordedRequestsGiveTheRecordsAndAnswersThatAreAskedFor) {
    const std::string root = KINDRED_SOURCE_DIR "/../shared/samples/bots";
    const auto cases = json::document::parse(read_file(root + "/cases.json"));
    if (!cases) GTEST_SKIP() << "no recorded requests at " << root;
    int seen = 0;
    (*cases)["cases"].for_each([&](json::value one) {
        if (!one["expect"].exists()) return;
        ++seen;
        const auto made = received(read_file(root + "/" + std::string(one["file"].text())));
        for (const auto& fault : differences(one, made)) ADD_FAILURE() << one["name"].text() << ": " << fault;
    });
    EXPECT_GE(seen, 2);
    const auto said =
        received(read_file(root + "/rasa-action-request.json"), {{"handover_text", "Connecting you now."}});
    EXPECT_EQ(said.reply.body, read_file(root + "/rasa-action-response.json"));
}

}  // namespace
}  // namespace kindred::testing
