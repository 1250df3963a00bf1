#include "connectors/ses-sns/sealed_mail.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"

#include <gtest/gtest.h>

/// The mails are encrypted by node:crypto, as S3's client does it.
namespace kindred::connectors::ses_sns {
namespace {

using channel::inquiry_answer;
using headers = std::vector<std::pair<std::string, std::string>>;

const time_point now = parse_time("2027-03-01T12:00:00Z").value();
const std::string topic = "arn:aws:sns:eu-west-1:111111111111:inbox";
const std::string data_key = "0123456789abcdef0123456789abcdef";
const std::string plain =
    "From: Ann <ann@x.example>\r\nTo: help@y.example\r\nSubject: Sealed lamp\r\nMessage-ID: <s1@x.example>\r\n\r\nIt "
    "is "
    "dark in here.\r\n";
const std::string by_gcm =
    from_base64(
        "B8ttHOWYv0+ar8Src8/zU/0jsVUtLReC90cYu3imcqhozpCOpIBJ07znFuTKm0YFerg6/8W1F5wjUK4I7Zmcqce/rdl9aguG+tGYQQNM"
        "Os6fPA0YCelAM4UcyaY6W+ko8wPaVdCjll+cqxOIJqzfiiFJIdyGvaTaueR6D5B/IbVIoZf+p5Li0Q==")
        .value();
const std::string by_cbc =
    from_base64(
        "DzPu6/apKfMgO1lvBcahYsJtYzoTWJAqOelNEcRdwO5G8YkLw+MSbXvlDWsOuqSB8yESIdWoEJaS0yodWtRHmtiPoYti2t73Pesh98gG"
        "UlHS0+d6tbcGec4lzaTsqpXkcACUVRFU3njt391pPd7UI5EYF6mvDRVmvLQAw8QAMH8=")
        .value();

headers metadata(headers changed = {}) {
    headers made{{"x-amz-meta-x-amz-key-v2", "d3JhcHBlZA=="},
                 {"x-amz-meta-x-amz-iv", to_base64("twelve bytes")},
                 {"x-amz-meta-x-amz-cek-alg", "AES/GCM/NoPadding"},
                 {"x-amz-meta-x-amz-wrap-alg", "kms"},
                 {"x-amz-meta-x-amz-tag-len", "128"},
                 {"X-Amz-Meta-X-Amz-Matdesc",
                  R"({"aws:ses:message-id":"s1","kms_cmk_id":"arn:aws:kms:eu-central-1:111111111111:key/1"})"}};
    for (const auto& [name, value] : changed)
        for (auto& each : made)
            if (each.first == "x-amz-meta-x-amz-" + name) each.second = value;
    return made;
}

inquiry_answer object(headers changed = {}, std::string body = by_gcm) {
    return {200, std::move(body), metadata(std::move(changed))};
}

inquiry_answer unwrapped(const std::string& key = data_key) {
    return {200, R"({"KeyId":"1","Plaintext":")" + to_base64(key) + "\"}", {}};
}

sealed_envelope read(const inquiry_answer& answer) {
    const auto got = envelope_of(answer);
    EXPECT_TRUE(got) << got.error().message;
    EXPECT_TRUE(*got);
    return **got;
}

TEST(SealedMail, AnObjectWithoutEnvelopeIsTheMailItself) {
    const auto got = envelope_of({200, plain, {{"x-amz-meta-colour", "red"}, {"ETag", "1"}}});
    ASSERT_TRUE(got);
    EXPECT_FALSE(*got);
}

TEST(SealedMail, IsOpenedWithTheKeyThatKmsUnwraps) {
    EXPECT_EQ(opened_mail(read(object()), unwrapped(), by_gcm).value(), plain);
    const auto older = object({{"cek-alg", "AES/CBC/PKCS5Padding"}, {"iv", to_base64("sixteen bytes iv")}}, by_cbc);
    EXPECT_EQ(opened_mail(read(older), unwrapped(), by_cbc).value(), plain);
    auto damaged = by_gcm;
    damaged[9] = static_cast<char>(damaged[9] ^ 1);
    EXPECT_FALSE(opened_mail(read(object()), unwrapped(), damaged));
    EXPECT_FALSE(opened_mail(read(object()), unwrapped("another key, of the same length"), by_gcm));
    EXPECT_FALSE(opened_mail(read(object()), unwrapped("short"), by_gcm));
    EXPECT_FALSE(opened_mail(read(object()), {200, "{}", {}}, by_gcm));
    EXPECT_FALSE(opened_mail(read(object()), unwrapped(), ""));
}

TEST(SealedMail, ItsKeyIsUnwrappedUnderTheWordsOfItsSender) {
    const bucket_access with{{"AKIDEXAMPLE", "secret", ""}, "", "", ""};
    const auto asked = unwrap_inquiry(with, {"inbox", "in/7"}, read(object()), topic, now);
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->url, "https://kms.eu-central-1.amazonaws.com/") << "the key's region, not the bucket's";
    EXPECT_EQ(asked->method, "POST");
    EXPECT_EQ(asked->good_for.count(), 0) << "keys are not kept in memory";
    const auto body = json::document::parse(asked->body);
    EXPECT_EQ((*body)["CiphertextBlob"].text(), "d3JhcHBlZA==");
    EXPECT_EQ((*body)["EncryptionContext"]["aws:ses:message-id"].text(), "s1");
    std::string proof;
    for (const auto& [name, value] : asked->headers)
        if (name == "Authorization") proof = value;
    EXPECT_NE(proof.find("/eu-central-1/kms/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target,"),
              std::string::npos)
        << proof;
    const auto by_alias = read(object({{"matdesc", "{}"}}));
    EXPECT_FALSE(by_alias.context.empty());
    auto without = object();
    without.headers.pop_back();
    EXPECT_EQ(unwrap_inquiry(with, {"inbox", "in/7"}, read(without), topic, now)->url,
              "https://kms.eu-west-1.amazonaws.com/");
    EXPECT_EQ(unwrap_inquiry({with.who, "", "", "http://127.0.0.1:9/kms"}, {"b", "k"}, read(without), topic, now)->url,
              "http://127.0.0.1:9/kms/");
    EXPECT_FALSE(unwrap_inquiry(with, {"inbox", "in/7"}, read(without), "arn:aws:sns:evil.example/:1:t", now));
}

TEST(SealedMail, AnEvilDescriptionLeadsNowhereElse) {
    for (const std::string arn : {"arn:aws:kms:evil.example/:1:key/1", "arn:aws:s3:us-east-1:1:key/1", "x"}) {
        auto answer = object();
        answer.headers.back().second = R"({"kms_cmk_id":")" + arn + "\"}";
        const auto asked = unwrap_inquiry({{"id", "secret", ""}, "", "", ""}, {"b", "k"}, read(answer), topic, now);
        EXPECT_EQ(asked->url, "https://kms.eu-west-1.amazonaws.com/") << arn;
    }
}

TEST(SealedMail, WhatKmsCannotUndoIsNamed) {
    for (const auto& [name, value] : headers{{"wrap-alg", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding"},
                                             {"wrap-alg", ""},
                                             {"cek-alg", "AES/CTR/NoPadding"},
                                             {"iv", "%"},
                                             {"iv", ""},
                                             {"key-v2", "%"},
                                             {"tag-len", "8"}}) {
        const auto got = envelope_of(object({{name, value}}));
        EXPECT_FALSE(got) << name << ' ' << value;
    }
    const auto oldest = envelope_of({200, by_cbc, {{"x-amz-meta-x-amz-key", "d3JhcHBlZA=="}}});
    ASSERT_FALSE(oldest);
    EXPECT_NE(oldest.error().message.find("of the client's own"), std::string::npos);
    auto list = object();
    list.headers.back().second = "[]";
    EXPECT_FALSE(envelope_of(list));
}

TEST(SealedMail, WhatKmsSaysIsToldInShort) {
    EXPECT_EQ(refusal_of_kms({400, R"({"__type":"AccessDeniedException","Message":"not authorized"})", {}}),
              "AccessDeniedException: not authorized");
    EXPECT_EQ(refusal_of_kms({400, R"({"__type":"DisabledException"})", {}}), "DisabledException");
    EXPECT_EQ(refusal_of_kms({500, "<html>", {}}), "");
    EXPECT_LE(refusal_of_kms({400, R"({"message":")" + std::string(9'000, 'x') + "\"}", {}}).size(), 310U);
}

}  // namespace
}  // namespace kindred::connectors::ses_sns
