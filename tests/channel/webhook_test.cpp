#include "engine/channel/webhook.hpp"
#include "engine/channel/meta.hpp"
#include "engine/channel/multipart.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/twiml.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::channel {
namespace {

TEST(Signature, HexMustBeLowerCaseAndWhole) {
    const auto hex = to_hex(hmac_of(hash_kind::sha256, "key", {"body"}));
    EXPECT_TRUE(is_signed_sha256_header({"key"}, "body", "sha256=" + hex));
    EXPECT_TRUE(is_signed_sha256_header({"new", "key"}, "body", "sha256=" + hex));
    EXPECT_FALSE(is_signed_sha256_header({"key"}, "body", "SHA256=" + hex));
    EXPECT_FALSE(is_signed_sha256_header({"key"}, "body", "sha256=" + hex.substr(0, 62)));
    EXPECT_FALSE(is_signed_sha256_header({"key"}, "body", "sha256="));
    EXPECT_FALSE(is_signed_sha256_header({"key"}, "body ", "sha256=" + hex));
    EXPECT_FALSE(is_signed_sha256_header({}, "body", "sha256=" + hex));
}

TEST(EventId, IsNeverLongAndNeverEmpty) {
    EXPECT_EQ(event_id({"status", "m1", "read"}), "status:m1:read");
    const auto hashed = event_id({"message", std::string(4000, 'x')});
    EXPECT_LT(hashed.size(), 100U);
    EXPECT_NE(hashed, event_id({"message", std::string(4001, 'x')}));
    EXPECT_FALSE(event_id_of_body("").empty());
}

TEST(Form, TheLastOfEqualNamesCounts) {
    const auto fields = form::parse("token=theirs&a=%2B1+2&token=ours&empty=");
    EXPECT_EQ(fields["token"], "ours");
    EXPECT_EQ(fields["a"], "+1 2");
    EXPECT_TRUE(fields.has("empty"));
    EXPECT_FALSE(fields.has("missing"));
    EXPECT_TRUE(fields.is_text());
    EXPECT_FALSE(form::parse("a=%FF").is_text());
}

TEST(HeaderParameter, IsFoundQuotedOrNot) {
    EXPECT_EQ(parameter_of("multipart/form-data; boundary=abc", "boundary"), "abc");
    EXPECT_EQ(parameter_of("multipart/form-data; charset=utf-8; Boundary=\"a;b c\"", "boundary"), "a;b c");
    EXPECT_EQ(parameter_of("form-data; name=\"a\"; filename=\"\\x\\y.txt\"", "filename"), "\\x\\y.txt");
    EXPECT_EQ(parameter_of("multipart/form-data", "boundary"), "");
    EXPECT_EQ(parameter_of("a; b", "b"), "");
}

TEST(Multipart, ReadsPartsAsTheyAre) {
    const std::string body =
        "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"one\"\r\n\r\nfirst\r\nline\r\n"
        "--b  \r\ncontent-disposition: form-data; name=\"two\"; filename=\"C:\\dir\\f.txt\"\r\nContent-Type: "
        "text/plain\r\n\r\n\r\n"
        "--b\r\nContent-Disposition: form-data; name=three; "
        "filename*=UTF-8''%C3%B1+1.txt\r\n\r\nx\r\n--b--\r\nepilogue";
    const auto parts = parse_multipart(body, "b");
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 3U);
    EXPECT_EQ((*parts)[0].name, "one");
    EXPECT_EQ((*parts)[0].content, "first\r\nline");
    EXPECT_FALSE((*parts)[0].filename);
    EXPECT_EQ((*parts)[1].filename, "f.txt");
    EXPECT_EQ((*parts)[1].type, "text/plain");
    EXPECT_EQ((*parts)[1].content, "");
    EXPECT_EQ((*parts)[2].filename, "\xC3\xB1+1.txt");
}

TEST(Multipart, RefusesWhatIsNotWhole) {
    const std::string part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx";
    for (const auto& body : {std::string(), part, part + "\r\n", part + "\r\n--b", part + "\r\n--c--",
                             std::string("--b\r\n\r\nx\r\n--b--"),
                             std::string("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--"), std::string("--bx\r\n")})
        EXPECT_FALSE(parse_multipart(body, "b")) << body;
    EXPECT_FALSE(parse_multipart(part + "\r\n--b--", ""));
    EXPECT_FALSE(parse_multipart(part + "\r\n--b--", std::string(71, 'b')));
    std::string many;
    for (int i = 0; i < 1001; ++i) many += part + "\r\n";
    const auto refused = parse_multipart(many + "--b--", "b");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::too_large);
}

RC_GTEST_PROP(Multipart, ReturnsEveryContentThatHoldsNoBoundary, (std::vector<std::string> contents)) {
    std::string body;
    for (const auto& content : contents) {
        RC_PRE(content.find("\r\n--zz") == std::string::npos);
        body += "--zz\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + content + "\r\n";
    }
    body += "--zz--";  // what is found are views of it
    const auto parts = parse_multipart(body, "zz");
    RC_ASSERT(parts.has_value());
    RC_ASSERT(parts->size() == contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) RC_ASSERT((*parts)[i].content == contents[i]);
}

TEST(Twiml, EscapesTextAndAttributesAndLeavesOutWhatXmlCannotHold) {
    twiml out;
    out.open("Dial", {{"callerId", "\"<1>&'"}, {"empty", ""}})
        .verb("Number", {}, "<&>\x01\xFF")
        .close("Dial")
        .verb("Hangup");
    EXPECT_EQ(out.document(),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Dial callerId=\"&quot;&lt;1&gt;&amp;&#39;\">"
              "<Number>&lt;&amp;&gt;\xEF\xBF\xBD</Number></Dial><Hangup/></Response>");
    EXPECT_EQ(twiml{}.document(), "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>");
}

struct handshake_case {
    const char* what;
    const char* query;
    unsigned status;
    const char* body;
    const char* refused;
};

TEST(MetaHandshake, OnlyOurTokenGetsTheChallengeBack) {
    const handshake_case cases[] = {
        {"ours", "hub.mode=subscribe&hub.challenge=115&hub.verify_token=tok", 200, "115", ""},
        {"wrong token", "hub.mode=subscribe&hub.challenge=115&hub.verify_token=no", 403, "", "wrong_signature"},
        {"no token", "hub.mode=subscribe&hub.challenge=115", 403, "", "missing_signature"},
        {"empty token", "hub.mode=subscribe&hub.challenge=115&hub.verify_token=", 403, "", "wrong_signature"},
        {"markup", "hub.mode=subscribe&hub.challenge=%3Cb%3E&hub.verify_token=tok", 400, "", "malformed"},
        {"no challenge", "hub.mode=subscribe&hub.verify_token=tok", 400, "", "malformed"},
        {"another mode", "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=tok", 400, "", "malformed"},
    };
    for (const auto& one : cases) {
        request arrived;
        arrived.method = "GET";
        arrived.query = one.query;
        const auto made = meta_handshake(arrived, {"tok"});
        EXPECT_EQ(made.reply.status, one.status) << one.what;
        EXPECT_EQ(made.reply.body, one.body) << one.what;
        EXPECT_EQ(made.refused, one.refused) << one.what;
        EXPECT_EQ(made.when, answer_after::nothing) << one.what;
        EXPECT_EQ(meta_handshake(arrived, {}).refused, "not_configured") << one.what;
    }
}

}  // namespace
}  // namespace kindred::channel
