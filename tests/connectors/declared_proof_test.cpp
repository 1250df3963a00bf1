#include "engine/base/digest.hpp"
#include "tests/connectors/support/declared_channel.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

const std::string secret = "declared secret";
constexpr std::int64_t now_s = 1'790'000'000;
const time_point now = from_millis(now_s * 1000);
const std::string good = R"({"id":"m1","from":"c7","text":"where is my order","thread":"t3"})";
const std::string contact = R"("contact":{"message_id":"/id","from":"/from","text":"/text","thread":"/thread"})";

/// A channel that works, or a failure for each problem.
std::unique_ptr<channel::connector> works(const std::string& settings) {
    auto made = declared_by(settings);
    for (const auto& problem : made.problems) ADD_FAILURE() << problem;
    return std::move(made.works);
}

std::string with_secret(const std::string& proof) {
    return R"({"secret":")" + secret + R"(","proof":)" + proof + "," + contact + "}";
}

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}};
    return made;
}

std::string mac(const std::string& text, hash_kind hash = hash_kind::sha256) { return hmac_of(hash, secret, {text}); }

std::string open_door(const std::string& more) { return R"({"proof":{"scheme":"none"},)" + more + "}"; }

/// What every signature over body and time must refuse; `sign` signs the request as it then is, at that second.
void expect_wrong_requests_refused(const channel::connector& channel,
                                   const std::function<void(recorded_request&, std::int64_t)>& sign,
                                   const std::string& header) {
    auto request = posted(good);
    sign(request, now_s);
    const auto body = [&](const std::string& bytes) {
        return [=](recorded_request& r) {
            r.body = bytes;
            sign(r, now_s);
        };
    };
    expect_refused(
        channel, request, now,
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [&](auto& r) { r.headers.back().second.back() ^= 1; }, 403,
             "wrong_signature", wrong::flipped_bit},
            {"no signature", [&](auto& r) { remove_header(r, header); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, header, ""); }, 401, "missing_signature", wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, header); }, 401, "missing_signature",
             wrong::doubled},
            {"five minutes and a second late", [&](auto& r) { sign(r, now_s - 301); }, 403, "stale", wrong::stale_time},
            {"from the future", [&](auto& r) { sign(r, now_s + 301); }, 403, "stale", wrong::stale_time},
            {"text", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"truncated and signed again", body(good.substr(0, 20)), 400, "malformed", wrong::truncated},
            {"empty and signed", body(""), 400, "malformed"},
            {"invalid UTF-8", body("{\"id\":\"\xFF\"}"), 400, "malformed", wrong::utf8},
            {"twice the same key", body(R"({"id":1,"id":2})"), 400, "malformed", wrong::shape},
            {"an address below ours", [](auto& r) { r.subpath = "/events"; }, 404, "unknown_path"},
            {"another method", [](auto& r) { r.method = "PUT"; }, 405, "wrong_method"},
            {"a question that nobody declared", [](auto& r) { r.method = "GET"; }, 405, "wrong_method"},
            oversized(channel_kind::api),
        },
        {{wrong::algorithm, "the configuration says which one: the request names none"},
         {wrong::account, "the configuration names none: a secret belongs to the channel"}});
}

TEST(DeclaredProof, ASignatureOverTimeAndBodyInTwoHeaders) {
    const auto channel = works(with_secret(
        R"({"scheme":"hmac","header":"X-Signature","prefix":"v0=","signs":"v0:{timestamp}:{body}","timestamp":"X-Time"})"));
    expect_wrong_requests_refused(
        *channel,
        [](recorded_request& r, std::int64_t at) {
            set_header(r, "X-Time", std::to_string(at));
            set_header(r, "X-Signature", "v0=" + to_hex(mac("v0:" + std::to_string(at) + ":" + r.body)));
        },
        "X-Signature");
}

TEST(DeclaredProof, ASignatureAndItsTimeInOneHeader) {
    const auto channel = works(with_secret(
        R"({"scheme":"hmac","header":"Sig","field":"v1","encoding":"base64","hash":"sha512","timestamp":{"header":"Sig","field":"t"}})"));
    const auto sign = [](recorded_request& r, std::int64_t at) {
        const auto stamp = std::to_string(at);
        set_header(r, "Sig", "t=" + stamp + ", v1=AAAA, v1=" + to_base64(mac(stamp + "." + r.body, hash_kind::sha512)));
    };
    auto request = posted(good);
    sign(request, now_s);
    EXPECT_EQ(channel->receive(request.view(), now).refused, "");
    for (const auto& [header, reason] :
         std::vector<std::pair<std::string, std::string>>{{"t=1,t=2,v1=x", "missing_signature"},
                                                          {"v1=x", "missing_signature"},
                                                          {"t=1", "missing_signature"},
                                                          {"t=1,v1=x", "wrong_signature"},
                                                          {"", "missing_signature"}}) {
        set_header(request, "Sig", header);
        EXPECT_EQ(channel->receive(request.view(), now).refused, reason) << header;
    }
    std::string many = "t=1";
    for (int i = 0; i < 100; ++i) many += ",v1=x";
    set_header(request, "Sig", many);
    EXPECT_EQ(channel->receive(request.view(), now).refused, "malformed");
}

TEST(DeclaredProof, TimesMayBeWrittenInSeveralWays) {
    for (const auto& [form, stamp] :
         std::vector<std::pair<std::string, std::string>>{{"unix_ms", std::to_string(now_s * 1000)},
                                                          {"unix_us", std::to_string(now_s * 1'000'000)},
                                                          {"rfc3339", to_rfc3339(now)},
                                                          {"mail", to_mail_date(now)}}) {
        SCOPED_TRACE(form);
        const auto channel = works(with_secret(
            R"({"scheme":"hmac","header":"S","signs":"{timestamp}{body}","timestamp":{"header":"T","form":")" + form +
            R"("}})"));
        auto request = posted(good);
        set_header(request, "T", stamp);
        set_header(request, "S", to_hex(mac(stamp + good)));
        EXPECT_EQ(channel->receive(request.view(), now).refused, "");
        EXPECT_EQ(channel->receive(request.view(), now + std::chrono::minutes{6}).refused, "stale");
        set_header(request, "T", "soon");
        set_header(request, "S", to_hex(mac("soon" + good)));
        EXPECT_EQ(channel->receive(request.view(), now).refused, "malformed");
    }
}

TEST(DeclaredProof, AddressAndHeadersCanBeSignedToo) {
    const auto channel =
        works(with_secret(R"({"scheme":"hmac","header":"S","hash":"sha1","signs":"{url}|{header:X-Id}|{body}"})"));
    auto request = posted(good);
    request.set_url("https://support.example.com/webhooks/shop");
    set_header(request, "X-Id", "42");
    set_header(request, "S", to_hex(mac("https://support.example.com/webhooks/shop|42|" + good, hash_kind::sha1)));
    EXPECT_EQ(channel->receive(request.view(), now).refused, "");
    set_header(request, "X-Id", "43");
    EXPECT_EQ(channel->receive(request.view(), now).refused, "wrong_signature");
}

TEST(DeclaredProof, ASharedSecretOrCredentials) {
    const auto refusal = [](const std::string& proof, const std::function<void(recorded_request&)>& change) {
        const auto channel = works(with_secret(proof));
        auto request = posted(good);
        change(request);
        const auto made = channel->receive(request.view(), now);
        return std::to_string(made.reply.status) + " " + made.refused;
    };
    const std::string header = R"({"scheme":"header","header":"Authorization","prefix":"Bearer "})";
    EXPECT_EQ(refusal(header, [](auto& r) { set_header(r, "Authorization", "Bearer " + secret); }), "200 ");
    EXPECT_EQ(refusal(header, [](auto& r) { set_header(r, "Authorization", secret); }), "403 wrong_signature");
    EXPECT_EQ(refusal(header, [](auto& r) { set_header(r, "Authorization", "Bearer x"); }), "403 wrong_signature");
    EXPECT_EQ(refusal(header, [](auto&) {}), "401 missing_signature");
    const std::string query = R"({"scheme":"query","parameter":"token"})";
    EXPECT_EQ(refusal(query, [](auto& r) { r.query = "a=1&token=declared+secret"; }), "200 ");
    EXPECT_EQ(refusal(query, [](auto& r) { r.query = "token=x"; }), "403 wrong_signature");
    EXPECT_EQ(refusal(query, [](auto&) {}), "401 missing_signature");
    const auto basic = declared_by(R"({"secret":"user:pass","proof":{"scheme":"basic"},)" + contact + "}");
    auto request = posted(good);
    set_header(request, "Authorization", "Basic " + to_base64("user:pass"));
    EXPECT_EQ(basic.works->receive(request.view(), now).refused, "");
    set_header(request, "Authorization", "Basic " + to_base64("user:guess"));
    EXPECT_EQ(basic.works->receive(request.view(), now).refused, "wrong_signature");
}

TEST(DeclaredProof, WithoutSecretNothingIsAcceptedUnlessTheAdminSaysSo) {
    const auto refused = [](const std::string& proof) {
        return works(R"({"proof":)" + proof + "," + contact + "}")->receive(posted(good).view(), now).refused;
    };
    EXPECT_EQ(refused(R"({"scheme":"hmac","header":"S"})"), "not_configured");
    EXPECT_EQ(refused(R"({"scheme":"header","header":"S"})"), "not_configured");
    EXPECT_EQ(refused(R"({"scheme":"basic"})"), "not_configured");
    EXPECT_EQ(refused(R"({"scheme":"standard-webhooks"})"), "not_configured");
    EXPECT_EQ(refused(R"({"scheme":"none"})"), "");
}

TEST(DeclaredProof, BothSecretsCountWhileOneReplacesTheOther) {
    const auto channel =
        works(R"({"secret":["new one",")" + secret + R"("],"proof":{"scheme":"hmac","header":"S"},)" + contact + "}");
    auto request = posted(good);
    set_header(request, "S", to_hex(mac(good)));
    EXPECT_EQ(channel->receive(request.view(), now).refused, "");
    set_header(request, "S", to_hex(hmac_of(hash_kind::sha256, "new one", {good})));
    EXPECT_EQ(channel->receive(request.view(), now).refused, "");
    set_header(request, "S", to_hex(hmac_of(hash_kind::sha256, "old one", {good})));
    EXPECT_EQ(channel->receive(request.view(), now).refused, "wrong_signature");
}

TEST(DeclaredHandshake, AnswersWhatProvidersAsk) {
    const auto signed_question = works(
        R"({"secret":")" + secret + R"(","proof":{"scheme":"hmac","header":"S"},)" + contact +
        R"(,"handshake":{"when":{"path":"/type","is":"verify"},"challenge":"/challenge","answer":"{\"plain\":\"{challenge}\",\"mac\":\"{hmac}\"}"}})");
    auto request = posted(R"({"type":"verify","challenge":"a\"b"})");
    EXPECT_EQ(signed_question->receive(request.view(), now).refused, "missing_signature");
    set_header(request, "S", to_hex(mac(request.body)));
    const auto answered = signed_question->receive(request.view(), now);
    EXPECT_EQ(answered.reply.body, R"({"plain":"a\"b","mac":")" + to_hex(mac("a\"b")) + "\"}");
    EXPECT_EQ(answered.reply.content_type, "application/json");
    EXPECT_EQ(answered.when, channel::answer_after::nothing);
    EXPECT_TRUE(answered.records.empty());

    const auto asked = works(open_door(
        contact +
        R"(,"verify_token":"tok","handshake":[{"method":"GET","challenge":"query:hub.challenge","token":"query:hub.verify_token"},)"
        R"({"when":{"path":"/type","is":"verify"},"signed":"no","challenge":"/challenge"}])"));
    recorded_request question;
    question.method = "GET";
    question.query = "hub.challenge=123&hub.verify_token=tok";
    EXPECT_EQ(asked->receive(question.view(), now).reply.body, "123");
    question.query = "hub.challenge=123&hub.verify_token=guess";
    EXPECT_EQ(asked->receive(question.view(), now).refused, "wrong_token");
    question.query = "hub.verify_token=tok";
    EXPECT_EQ(asked->receive(question.view(), now).reply.status, 400U);
    EXPECT_EQ(asked->receive(posted(R"({"type":"verify","challenge":"9"})").view(), now).reply.body, "9");
}

}  // namespace
}  // namespace kindred::testing
