#include "connectors/standard-webhooks/connector.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::record_kind;

const std::string secret = "whsec_" + to_base64("a key of twenty-four bytes!");
const std::string other_secret = "whsec_" + to_base64("another key of 24 bytes!");
const time_point now = from_millis(1'790'000'000'000);
const std::string stamp = "1789999990";
const std::string event_body =
    R"({"type":"message.created","timestamp":"2026-09-21T08:26:30Z","data":{"from":"olga@example.org","text":"where is it?"}})";

std::string signature_of(const std::string& body, const std::string& with = secret, const std::string& at = stamp,
                         const std::string& id = "msg_1") {
    const auto key = from_base64(with.substr(6)).value();
    return "v1," + to_base64(hmac_of(hash_kind::sha256, key, {id, ".", at, ".", body}));
}

recorded_request event(const std::string& body) {
    recorded_request made;
    made.headers = {{"Content-Type", "application/json"},
                    {"webhook-id", "msg_1"},
                    {"webhook-timestamp", stamp},
                    {"webhook-signature", signature_of(body)}};
    made.body = body;
    return made;
}

void with_body(recorded_request& request, const std::string& body) { request = event(body); }

std::unique_ptr<channel::connector> door(std::vector<std::pair<std::string, std::string>> more = {}) {
    more.emplace_back("whsec", secret);
    return connector_with(connectors::standard_webhooks::make, more);
}

TEST(StandardWebhooks, WrongRequestsAreRefusedWithTheirReason) {
    const std::string signature = "webhook-signature";
    expect_refused(
        *door(), event(event_body), now,
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers.back().second); }, 403,
             "wrong_signature", wrong::flipped_bit},
            {"another sender's key", [&](auto& r) { set_header(r, signature, signature_of(event_body, other_secret)); },
             403, "wrong_signature"},
            {"another id than was signed", [](auto& r) { set_header(r, "webhook-id", "msg_2"); }, 403,
             "wrong_signature"},
            {"another time than was signed", [](auto& r) { set_header(r, "webhook-timestamp", "1789999991"); }, 403,
             "wrong_signature"},
            {"a version that nobody knows",
             [&](auto& r) { set_header(r, signature, "v2," + signature_of(event_body).substr(3)); }, 403,
             "wrong_signature", wrong::algorithm},
            {"the right digest as Ed25519",
             [&](auto& r) { set_header(r, signature, "v1a," + signature_of(event_body).substr(3)); }, 403,
             "wrong_signature", wrong::algorithm},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"no id", [](auto& r) { remove_header(r, "webhook-id"); }, 401, "missing_signature"},
            {"no time", [](auto& r) { remove_header(r, "webhook-timestamp"); }, 401, "missing_signature"},
            {"a time that is none", [](auto& r) { set_header(r, "webhook-timestamp", "soon"); }, 400, "malformed"},
            {"six minutes late", [](auto&) {}, 403, "stale", wrong::stale_time, now + std::chrono::minutes{6}},
            {"six minutes early", [](auto&) {}, 403, "stale", wrong::stale_time, now - std::chrono::minutes{6}},
            {"a text by its content type", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"truncated and signed again", [](auto& r) { with_body(r, r.body.substr(0, 40)); }, 400, "malformed",
             wrong::truncated},
            {"no type", [](auto& r) { with_body(r, "{}"); }, 400, "malformed", wrong::shape},
            {"invalid UTF-8", [](auto& r) { with_body(r, "{\"type\":\"\xC3\"}"); }, 400, "malformed", wrong::utf8},
            {"a message that says nothing", [](auto& r) { with_body(r, R"({"type":"message.created","data":{}})"); },
             400, "malformed"},
            {"a thousand signatures",
             [&](auto& r) {
                 std::string all;
                 for (int i = 0; i < 1000; ++i) all += "v1,x ";
                 set_header(r, signature, all + signature_of(event_body));
             },
             400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/events"; }, 404, "unknown_path"},
            oversized(channel_kind::api),
        },
        {{wrong::account, "a key belongs to the channel: there is no account to be named"}});
}

TEST(StandardWebhooks, WithoutKeyNothingIsAccepted) {
    const auto connector = connector_with(connectors::standard_webhooks::make, {});
    EXPECT_EQ(connector->receive(event(event_body).view(), now).refused, "not_configured");
}

TEST(StandardWebhooks, OneGoodSignatureAmongSeveralIsEnough) {
    auto request = event(event_body);
    set_header(request, "webhook-signature",
               "v2,abc " + signature_of(event_body, other_secret) + " " + signature_of(event_body));
    EXPECT_EQ(door()->receive(request.view(), now).refused, "");
    set_header(request, "webhook-signature", signature_of(event_body, other_secret));
    EXPECT_EQ(door({{"whsec", other_secret}})->receive(request.view(), now).refused, "");
}

TEST(StandardWebhooks, VectorsOfTheSpecification) {
    const auto parsed =
        json::document::parse(read_file(KINDRED_SOURCE_DIR "/../shared/samples/standard-webhooks/signature.json"));
    if (!parsed) GTEST_SKIP() << "no recorded vectors";
    int seen = 0;
    (*parsed)["vectors"].for_each([&](json::value vector) {
        ++seen;
        SCOPED_TRACE(vector["name"].text());
        recorded_request request;
        vector["header"].for_each_member(
            [&](std::string_view name, json::value value) { request.headers.emplace_back(name, value.text()); });
        request.body = vector["body"].text();
        const auto key = vector["secret"].exists() ? "whsec" : "whpk";
        const auto value = vector["secret"].exists() ? vector["secret"].text() : vector["public_key"].text();
        const auto connector = connector_with(connectors::standard_webhooks::make, {{key, std::string(value)}});
        const auto at = from_millis(vector["clock"].integer().value_or(0) * 1000);
        // Their body names no type: what is genuine gets as far as that.
        const auto made = connector->receive(request.view(), at);
        EXPECT_EQ(made.reply.body == "type: is missing", vector["valid"].boolean()) << made.refused;
    });
    EXPECT_GE(seen, 11);
}

channel::record received(const std::string& body) {
    auto made = door()->receive(event(body).view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(StandardWebhooks, AMessageIsItsSendersAndClaimsOnlyWhatItSays) {
    const auto made = received(event_body);
    EXPECT_EQ(made.kind, record_kind::message);
    EXPECT_EQ(made.event_id, "webhook:msg_1");
    const std::vector<identity> wanted{{"email:olga@example.org", proof::claimed}};
    EXPECT_EQ(made.identities, wanted);
}

TEST(StandardWebhooks, OtherEventsOpenNoTicket) {
    const auto made = received(R"({"type":"contact.closed","data":{"contact_id":"c_42"}})");
    EXPECT_EQ(made.kind, record_kind::control);
    EXPECT_NE(to_json(made).find(R"("event":"contact.closed")"), std::string::npos);
}

TEST(StandardWebhooks, AnAnswerIsASignedEventOfTheSameIdOnEveryAttempt) {
    channel::outgoing message;
    message.idempotency_key = "key-1";
    message.text = "on its way";
    message.ticket = "7";
    message.at = now;
    EXPECT_FALSE(door()->deliver(message));
    const auto sender = door({{"callback_url", "http://127.0.0.1:9/in"}, {"callback_secret", other_secret}});
    const auto call = sender->deliver(message);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/in");
    EXPECT_EQ(call->headers[1], channel::header("webhook-id", "key-1"));
    EXPECT_EQ(call->headers[3].second, signature_of(call->body, other_secret, "1790000000", "key-1"));
    EXPECT_EQ(sender->judge({410, {}, ""}).outcome, channel::delivery::state::failed);
    EXPECT_EQ(sender->judge({302, {}, ""}).outcome, channel::delivery::state::failed);
    EXPECT_EQ(sender->judge({502, {{"Retry-After", "7"}}, ""}).retry_after, std::chrono::seconds{7});
}

}  // namespace
}  // namespace kindred::testing
