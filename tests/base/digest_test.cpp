#include "engine/base/digest.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred {
namespace {

std::string hex_of(const sha256_digest& digest) {
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

TEST(Digest, Sha256KnownAnswers) {  // FIPS 180-2, appendix B
    EXPECT_EQ(hex_of(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex_of(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, HmacKnownAnswers) {  // RFC 4231 case 2, RFC 2202 case 2
    EXPECT_EQ(to_hex(hmac_of(hash_kind::sha256, "Jefe", {"what do ya want ", "for nothing?"})),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_of(hash_kind::sha1, "Jefe", {"what do ya want for nothing?"})),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(
        to_hex(hmac_of(hash_kind::sha512, "Jefe", {"what do ya want for nothing?"})),
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b"
        "4b636e070a38bce737");
}

TEST(Digest, AnEmptyKeyIsAKey) {
    EXPECT_EQ(to_hex(hmac_of(hash_kind::sha256, "", {""})),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Digest, AKeyedHashCanBeUsedAgain) {
    hmac keyed(hash_kind::sha256, "Jefe");
    const auto first = keyed({"one"});
    keyed({"two"});
    EXPECT_EQ(keyed({"one"}), first);
}

TEST(Digest, SecretsAreEqualOnlyWhenNotEmptyAndTheSame) {
    EXPECT_TRUE(equal_secrets("s3cret", "s3cret"));
    EXPECT_FALSE(equal_secrets("s3cret", "s3creT"));
    EXPECT_FALSE(equal_secrets("s3cret", "s3cre"));
    EXPECT_FALSE(equal_secrets("", ""));
}

TEST(Digest, Base64RefusesWhatNoEncoderWrites) {
    EXPECT_EQ(from_base64("Zm9v"), "foo");
    for (const char* bad : {"Zm9", "Zm9v=", "Z===", "Zm9!", "Zm8=Zm8=", "Zm9=", "=", "Zg==="})
        EXPECT_FALSE(from_base64(bad)) << bad;
    EXPECT_FALSE(from_base64url("Z"));
    EXPECT_FALSE(from_base64url("Zm8="));
}

RC_GTEST_PROP(Digest, EncodingsRoundTrip, (const std::string& bytes)) {
    RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
    RC_ASSERT(from_base64(to_base64(bytes)) == bytes);
    RC_ASSERT(from_base64url(to_base64url(bytes)) == bytes);
}

}  // namespace
}  // namespace kindred
