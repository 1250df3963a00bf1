#include "connectors/webchat/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

recorded_request frame(std::string body) {
    recorded_request made;
    made.body = std::move(body);
    made.session = "visitor-1";
    return made;
}

const std::string good =
    R"({"type":"message","id":"c1","text":"hi there","name":"Ann","email":"Ann@example.org","language":"es-MX","page":"/cart"})";

TEST(Webchat, WrongFramesAreRefusedWithTheirReason) {
    const auto connector = connector_with(connectors::webchat::make, {{"longest_text", "20"}});
    const auto body = [](std::string text) { return [text](recorded_request& r) { r.body = text; }; };
    expect_refused(
        *connector, frame(good), {},
        {
            {"no session", [](auto& r) { r.session.clear(); }, 403, "no_session", wrong::missing},
            {"no JSON", body("hi"), 400, "malformed"},
            {"truncated", body(good.substr(0, 30)), 400, "malformed", wrong::truncated},
            {"invalid UTF-8", body("{\"type\":\"message\",\"id\":\"1\",\"text\":\"\xFF\"}"), 400, "malformed",
             wrong::utf8},
            {"a list", body("[]"), 400, "malformed", wrong::shape},
            {"no type", body(R"({"id":"1","text":"x"})"), 400, "malformed", wrong::shape},
            {"no id", body(R"({"type":"message","text":"x"})"), 400, "malformed"},
            {"an empty id", body(R"({"type":"message","id":"","text":"x"})"), 400, "malformed"},
            {"a number as id", body(R"({"type":"message","id":7,"text":"x"})"), 400, "malformed"},
            {"an endless id", body(R"({"type":"message","id":")" + std::string(65, 'x') + R"(","text":"x"})"), 413,
             "too_large"},
            {"no text", body(R"({"type":"message","id":"1"})"), 400, "malformed"},
            {"a blank text", body(R"({"type":"message","id":"1","text":" \n"})"), 400, "malformed"},
            {"too long a text", body(R"({"type":"message","id":"1","text":")" + std::string(21, 'x') + R"("})"), 413,
             "too_large", wrong::oversized},
            {"attachments that are no list", body(R"({"type":"message","id":"1","text":"x","attachments":{}})"), 400,
             "malformed"},
            {"an attachment without id", body(R"({"type":"message","id":"1","text":"x","attachments":[{}]})"), 400,
             "malformed"},
            {"an attachment with an endless id",
             body(R"({"type":"message","id":"1","attachments":[{"id":")" + std::string(101, 'x') + R"("}]})"), 400,
             "malformed"},
            {"six attachments",
             body(
                 R"({"type":"message","id":"1","attachments":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"},{"id":"e"},{"id":"f"}]})"),
             400, "malformed"},
            {"neither text nor attachments", body(R"({"type":"message","id":"1","text":"","attachments":[]})"), 400,
             "malformed"},
            {"a name that is no text", body(R"({"type":"message","id":"1","text":"x","name":{}})"), 400, "malformed"},
        },
        {{wrong::flipped_bit, "nothing is signed: the socket is the visitor"},
         {wrong::doubled, "a socket has one visitor"},
         {wrong::empty, "a socket has a visitor, or is none"},
         {wrong::algorithm, "nothing is signed"},
         {wrong::stale_time, "a frame arrives as it is sent"},
         {wrong::account, "a socket belongs to one channel"},
         {wrong::content_type, "a frame has none; a binary one ends the socket, which the end to end tests look at"}});
}

TEST(Webchat, AMessageIsItsVisitorsAndWhatHeSaysOfHimselfIsAClaim) {
    const auto connector = connector_with(connectors::webchat::make, {});
    auto received = connector->receive(frame(good).view(), {});
    ASSERT_EQ(received.records.size(), 1U);
    const auto& made = received.records[0];
    EXPECT_EQ(made.event_id, "message:visitor-1:c1");
    EXPECT_EQ(made.conversation, "visitor:visitor-1");
    EXPECT_EQ(made.thread, "visitor-1");
    EXPECT_EQ(made.text, "hi there");
    EXPECT_EQ(made.locale, "es-MX");
    const std::vector<identity> wanted{{"webchat:visitor-1", proof::proven}, {"email:ann@example.org", proof::claimed}};
    EXPECT_EQ(made.identities, wanted);
    EXPECT_EQ(received.when, channel::answer_after::ingest);
}

TEST(Webchat, AMessageNamesWhatItsVisitorUploaded) {
    const auto connector = connector_with(connectors::webchat::make, {});
    const auto received = connector->receive(
        frame(
            R"({"type":"message","id":"1","text":"","attachments":[{"id":"v-1","name":"a.png","type":"image/png","size":7},{"id":"v-2"}]})")
            .view(),
        {});
    ASSERT_EQ(received.records.size(), 1U) << received.reply.body;
    const auto& files = received.records[0].attachments;
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].media_id, "v-1");
    EXPECT_EQ(files[0].name, "a.png");
    EXPECT_EQ(files[0].size, 7);
    EXPECT_EQ(files[1].media_id, "v-2");
    EXPECT_TRUE(files[0].url.empty());
}

TEST(Webchat, AnAnswerCarriesFilesWithAndWithoutWords) {
    const auto connector = connector_with(connectors::webchat::make, {});
    EXPECT_TRUE(connector->can().files);
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.thread = "visitor-1";
    EXPECT_FALSE(connector->deliver(message));
    message.files.push_back({"u-1", "a \"b\".pdf", "application/pdf", {}, {}});
    const auto call = connector->deliver(message);
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_NE(call->body.find(R"("attachments":[{"id":"u-1","name":"a \"b\".pdf","type":"application/pdf"}])"),
              std::string::npos)
        << call->body;
}

std::string token(const std::string& claims, const std::string& secret = "channel secret",
                  const std::string& header = R"({"alg":"HS256"})") {
    const auto text = to_base64url(header) + "." + to_base64url(claims);
    return text + "." + to_base64url(hmac_of(hash_kind::sha256, secret, {text}));
}

recorded_request signed_frame(const std::string& identity) {
    return frame(R"({"type":"message","id":"c1","text":"hi","email":"ada@example.org","identity":")" + identity +
                 "\"}");
}

TEST(Webchat, ASignedIdentityIsProven) {
    const auto connector = connector_with(connectors::webchat::make, {{"identity_secret", "channel secret"}});
    const auto claims =
        R"({"sub":"c-42","exp":1000,"email":"Ada@example.org","phone":"+525512345678","name":"Ada Lovelace"})";
    const auto received = connector->receive(signed_frame(token(claims)).view(), from_millis(900'000));
    ASSERT_EQ(received.records.size(), 1U) << received.refused;
    const std::vector<identity> wanted{{"webchat:visitor-1", proof::proven},
                                       {"external:c-42", proof::proven},
                                       {"email:ada@example.org", proof::proven},
                                       {"phone:+525512345678", proof::proven}};
    EXPECT_EQ(received.records[0].identities, wanted);
    EXPECT_EQ(received.records[0].display_name, "Ada Lovelace");
}

TEST(Webchat, AnIdentityThatIsNotSignedOrNoLongerValidIsRefused) {
    const std::string claims = R"({"sub":"c-42","exp":1000})";
    struct row {
        std::string what, token, reason;
    };
    auto flipped = token(claims);
    flipped[flipped.size() - 3] ^= 1;
    const std::vector<row> rows{
        {"another secret", token(claims, "other"), "wrong_identity"},
        {"a flipped bit", flipped, "wrong_identity"},
        {"no signature", token(claims, "channel secret", R"({"alg":"none"})"), "wrong_identity"},
        {"no subject", token(R"({"exp":1000})"), "wrong_identity"},
        {"no expiry", token(R"({"sub":"c-42"})"), "wrong_identity"},
        {"expired", token(R"({"sub":"c-42","exp":900})"), "identity_expired"},
        {"valid for years", token(R"({"sub":"c-42","exp":99999999})"), "wrong_identity"},
        {"an empty text", "", "wrong_identity"},
        {"no token at all", "hello", "wrong_identity"},
    };
    const auto connector = connector_with(connectors::webchat::make, {{"identity_secret", "channel secret"}});
    for (const auto& each : rows) {
        const auto received = connector->receive(signed_frame(each.token).view(), from_millis(900'000));
        EXPECT_EQ(received.refused, "wrong_identity") << each.what;
        EXPECT_EQ(received.reply.body, each.reason) << each.what;
        EXPECT_TRUE(received.records.empty()) << each.what;
    }
    const auto unset = connector_with(connectors::webchat::make, {});
    EXPECT_EQ(unset->receive(signed_frame(token(claims)).view(), from_millis(0)).refused, "wrong_identity");
}

TEST(Webchat, AReadMarkIsAStatusOfTheConversation) {
    const auto connector = connector_with(connectors::webchat::make, {});
    const auto received = connector->receive(frame(R"({"type":"read","number":1200003})").view(), {});
    ASSERT_EQ(received.records.size(), 1U) << received.refused;
    EXPECT_EQ(received.records[0].kind, channel::record_kind::status);
    EXPECT_EQ(received.records[0].status, "read");
    EXPECT_EQ(received.records[0].conversation, "visitor:visitor-1");
    for (const std::string bad :
         {R"({"type":"read"})", R"({"type":"read","number":0})", R"({"type":"read","number":"x"})"})
        EXPECT_EQ(connector->receive(frame(bad).view(), {}).refused, "malformed") << bad;
}

TEST(Webchat, AVisitorNamedInTheFrameIsNobody) {
    const auto connector = connector_with(connectors::webchat::make, {});
    const auto received = connector->receive(
        frame(R"({"type":"message","id":"1","text":"x","visitor":"victim","from":"victim"})").view(), {});
    EXPECT_EQ(received.records.at(0).from, "visitor-1");
}

TEST(Webchat, ControlFramesAreNotStored) {
    const auto connector = connector_with(connectors::webchat::make, {});
    for (const std::string type : {"typing", "received", "page", "from_the_future"}) {
        const auto received = connector->receive(frame(R"({"type":")" + type + R"("})").view(), {});
        EXPECT_EQ(received.when, channel::answer_after::nothing) << type;
        ASSERT_EQ(received.records.size(), 1U) << type;
        EXPECT_EQ(received.records[0].kind, channel::record_kind::ignored) << type;
    }
}

TEST(Webchat, AnAnswerIsAFrameForTheVisitorsSession) {
    const auto connector = connector_with(connectors::webchat::make, {});
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.thread = "visitor-1";
    message.text = "Hello <b>";
    message.agent_name = "Bo";
    message.at = from_millis(1'790'000'000'000);
    const auto call = connector->deliver(message);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->via, channel::transport::chat_session);
    EXPECT_EQ(call->session, "visitor-1");
    EXPECT_EQ(
        call->body,
        R"({"type":"message","id":"k1","from":"agent","name":"Bo","text":"Hello <b>","at":"2026-09-21T14:13:20.000Z"})");
    message.text = std::string(4001, 'x');
    EXPECT_FALSE(connector->deliver(message));
    message.text = "x";
    message.thread.clear();
    EXPECT_FALSE(connector->deliver(message));
}

}  // namespace
}  // namespace kindred::testing
