#include "engine/base/public_key.hpp"

#include "engine/base/digest.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace kindred {
namespace {

std::string bytes_of_hex(std::string_view hex) { return from_hex(hex).value(); }

/// RFC 8032 section 7.1, test 2.
const std::string ed25519_key = bytes_of_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const std::string ed25519_signature = bytes_of_hex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
    "0d2"
    "91612bb0c00");

TEST(PublicKey, Ed25519AsTheStandardHasIt) {
    const auto key = public_key::from_ed25519(ed25519_key);
    ASSERT_TRUE(key);
    EXPECT_TRUE(key->verifies_ed25519("\x72", ed25519_signature));
    EXPECT_FALSE(key->verifies_ed25519("\x73", ed25519_signature));
    EXPECT_FALSE(key->verifies_ed25519("\x72", ed25519_signature.substr(1)));
    EXPECT_FALSE(key->verifies_ed25519("\x72", ""));
    EXPECT_FALSE(key->verifies("\x72", ed25519_signature));
}

/// From sendgrid-python, test_eventwebhook.py.
TEST(PublicKey, EcdsaOnP256) {
    const auto key = public_key::from_der(
        from_base64("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+"
                    "2fNNRaINXvVpiglSI8eNEc6wEA3F+g==")
            .value());
    ASSERT_TRUE(key);
    const std::string message =
        "1600112502[{\"email\":\"hello@world.com\",\"event\":\"dropped\",\"reason\":\"Bounced "
        "Address\",\"sg_event_id\":"
        "\"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA\",\"sg_message_id\":\"LRzXl_NHStOGhQ4kofSm_A."
        "filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0\",\"smtp-id\":\"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1."
        "sendgrid.net>\",\"timestamp\":1600112492}]\r\n";
    const auto signature = from_base64(
                               "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+"
                               "luQAbPIqHh89M15TluLtEZtM=")
                               .value();
    EXPECT_TRUE(key->verifies(message, signature));
    EXPECT_FALSE(key->verifies(message + " ", signature));
    EXPECT_FALSE(key->verifies(message, signature, hash_kind::sha1));
    EXPECT_FALSE(key->verifies(message, signature + "x"));
    EXPECT_FALSE(key->verifies_ed25519(message, signature));
}

TEST(PublicKey, WhatIsNoKeyIsNone) {
    for (const std::string bytes :
         {"", "x", "\x30\x59", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
        EXPECT_FALSE(public_key::from_der(bytes)) << bytes;
        EXPECT_FALSE(public_key::from_certificate(bytes)) << bytes;
        EXPECT_FALSE(public_key::from_ed25519(bytes)) << bytes;
        EXPECT_FALSE(private_key::from_pem(bytes)) << bytes;
    }
    const auto key = from_base64(
                         "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe6"
                         "2gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==")
                         .value();
    EXPECT_FALSE(public_key::from_der(key + "x"));
}

TEST(PrivateKey, TheSameMessageGivesTheSameSignature) {
    std::ifstream in(KINDRED_SOURCE_DIR "/tests/connectors/fixtures/vonage/application.pem", std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(in), {}};
    const auto key = private_key::from_pem(pem);
    ASSERT_TRUE(key);
    const auto signature = key->sign("a.b");
    EXPECT_EQ(signature.size(), 128U);
    EXPECT_EQ(signature, key->sign("a.b"));
    EXPECT_NE(signature, key->sign("a.c"));
}

}  // namespace
}  // namespace kindred
