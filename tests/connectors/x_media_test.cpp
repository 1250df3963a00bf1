#include "connectors/x/connector.hpp"
#include "connectors/x/oauth1.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using connectors::x::oauth1_keys;
using connectors::x::oauth1_request;
using settings = std::vector<std::pair<std::string, std::string>>;

TEST(OAuth1, SignsAsTheExampleOfRfc5849) {
    const oauth1_keys keys{"dpf43f3p2l4k3l03", "kd94hf93k423kf44", "nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"};
    const oauth1_request asked{
        "GET", "http://photos.example.net/photos?file=vacation.jpg&size=original", {}, "chapoH", 137131202};
    EXPECT_EQ(oauth1_signature(keys, asked, false), "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
}

/// developer.x.com, "Creating a signature": the values of its example.
TEST(OAuth1, SignsAsTheExampleOfX) {
    const oauth1_keys keys{"xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
                           "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
                           "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"};
    const oauth1_request asked{"POST",
                               "https://api.twitter.com/1.1/statuses/update.json?include_entities=true",
                               {{"status", "Hello Ladies + Gentlemen, a signed OAuth request!"}},
                               "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
                               1318622958};
    EXPECT_EQ(oauth1_signature(keys, asked, true), "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
    EXPECT_EQ(oauth1_header(keys, asked),
              "OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", "
              "oauth_nonce=\"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg\", oauth_signature_method=\"HMAC-SHA1\", "
              "oauth_timestamp=\"1318622958\", oauth_token=\"370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb\", "
              "oauth_version=\"1.0\", oauth_signature=\"hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D\"");
}

TEST(OAuth1, NamesAnAddressInOneWay) {
    const oauth1_keys keys{"a", "b", "c", "d"};
    const auto signed_as = [&](std::string_view url) { return oauth1_signature(keys, {"GET", url, {}, "n", 1}, true); };
    const auto plain = signed_as("https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg");
    EXPECT_EQ(signed_as("HTTPS://Ton.Twitter.com:443/1.1/ton/data/dm/1/2/a.jpg#x"), plain);
    EXPECT_NE(signed_as("https://ton.twitter.com:8443/1.1/ton/data/dm/1/2/a.jpg"), plain);
    EXPECT_NE(signed_as("https://ton.twitter.com/1.1/ton/data/dm/1/2/A.jpg"), plain);
    EXPECT_EQ(signed_as("https://ton.twitter.com"), signed_as("https://ton.twitter.com/"));
    EXPECT_EQ(signed_as("https://ton.twitter.com/a?b=2&b=1&a=%20"), signed_as("https://ton.twitter.com/a?a=+&b=1&b=2"));
    for (const std::string_view odd : {"", "x", "://", "https://", "https:///?&=&"})
        EXPECT_FALSE(signed_as(odd).empty());
}

const settings signing{
    {"consumer_secret", "cs"}, {"consumer_key", "ck"}, {"oauth_token", "t"}, {"oauth_token_secret", "ts"}};

channel::attachment at(std::string url) {
    channel::attachment file;
    file.url = std::move(url);
    return file;
}

std::string proof_of(const result<channel::provider_call>& call) {
    if (!call) return call.error().message;
    for (const auto& [name, value] : call->headers)
        if (name == "Authorization") return value;
    return {};
}

TEST(XMedia, IsAskedForSignedAtXAlone) {
    const auto inbox = connector_with(connectors::x::make, signing);
    const auto now = from_millis(1'535'557'741'000);
    for (const std::string url :
         {"https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg", "https://ton.x.com/1.1/a.jpg",
          "https://pbs.twimg.com/dm_gif/1/a.jpg", "https://video.twimg.com/dm_video/1/a.mp4?tag=1"}) {
        const auto call = inbox->fetch(at(url), now);
        EXPECT_EQ(proof_of(call).find("OAuth oauth_consumer_key=\"ck\""), 0U) << url;
        EXPECT_NE(proof_of(call).find("oauth_timestamp=\"1535557741\""), std::string::npos);
        EXPECT_EQ(call->method, "GET");
    }
    for (const std::string url :
         {"https://ton.twitter.com.evil.example/a.jpg", "https://evil.example/ton.twitter.com/a.jpg",
          "https://twitter.com/a.jpg", "https://nottwimg.com/a.jpg", "https://ton.twitter.com@evil.example/a.jpg",
          "https://ton.twitter.com:444/a.jpg"})
        EXPECT_EQ(proof_of(inbox->fetch(at(url), now)), "") << url;
    for (const std::string url : {"", "http://ton.twitter.com/a.jpg", "ftp://a", "/a"})
        EXPECT_FALSE(inbox->fetch(at(url), now)) << url;
}

TEST(XMedia, NeverCarriesTheSameNonceTwice) {
    const auto inbox = connector_with(connectors::x::make, signing);
    const auto file = at("https://ton.twitter.com/a.jpg");
    const auto first = proof_of(inbox->fetch(file, from_millis(1'000)));
    EXPECT_NE(proof_of(inbox->fetch(file, from_millis(1'001))), first) << "another attempt in the same second";
    EXPECT_NE(proof_of(inbox->fetch(at("https://ton.twitter.com/b.jpg"), from_millis(1'000))), first);
}

TEST(XMedia, WithoutKeysSaysWhatToSet) {
    const auto inbox = connector_with(connectors::x::make, {{"consumer_secret", "cs"}});
    EXPECT_NE(proof_of(inbox->fetch(at("https://ton.twitter.com/a.jpg"), {})).find("oauth_token_secret"),
              std::string::npos);
    EXPECT_EQ(proof_of(inbox->fetch(at("https://pbs.twimg.com/a.jpg"), {})), "");
    channel::options half("x", {{"consumer_key", {"ck"}, false, 1, 1}}, "https://support.example.com");
    (void)connectors::x::make(half);
    ASSERT_EQ(half.problems().size(), 1U);
}

TEST(XMedia, OfAVideoTheBestFilmIsTakenAndElseItsFirstPicture) {
    const auto received = [](const std::string& media) {
        const auto body =
            R"({"for_user_id":"43","direct_message_events":[{"type":"message_create","id":"1",)"
            R"("message_create":{"target":{"recipient_id":"43"},"sender_id":"31","message_data":{"text":"x",)"
            R"("attachment":{"type":"media","media":)" +
            media + "}}}}]}";
        recorded_request made;
        made.body = body;
        made.headers = {{"Content-Type", "application/json"},
                        {"x-twitter-webhooks-signature",
                         "sha256=" + to_base64(hmac_of(hash_kind::sha256, std::string("cs"), {body}))}};
        const auto got = connector_with(connectors::x::make, signing)->receive(made.view(), {});
        EXPECT_EQ(got.refused, "") << got.reply.body;
        return got.records.at(0).attachments.at(0);
    };
    const std::string head = R"({"id_str":"7","media_url_https":"https://pbs.twimg.com/a.jpg","type":)";
    const auto film = received(
        head +
        R"("video","video_info":{"variants":[{"content_type":"application/x-mpegURL","url":"https://video.twimg.com/a.m3u8"},)"
        R"({"bitrate":320000,"content_type":"video/mp4","url":"https://video.twimg.com/low.mp4"},)"
        R"({"bitrate":832000,"content_type":"video/mp4","url":"https://video.twimg.com/high.mp4"}]}})");
    EXPECT_EQ(film.url, "https://video.twimg.com/high.mp4");
    EXPECT_EQ(film.type, "video/mp4");
    const auto moving = received(
        head +
        R"("animated_gif","video_info":{"variants":[{"bitrate":0,"content_type":"video/mp4","url":"https://video.twimg.com/g.mp4"}]}})");
    EXPECT_EQ(moving.url, "https://video.twimg.com/g.mp4");
    const auto bare = received(head + R"("video"})");
    EXPECT_EQ(bare.url, "https://pbs.twimg.com/a.jpg");
    EXPECT_EQ(bare.type, "image/jpeg");
    EXPECT_EQ(received(head + R"("hologram"})").type, "");
}

}  // namespace
}  // namespace kindred::testing
