#include "engine/base/cipher.hpp"

#include "engine/base/digest.hpp"

#include <gtest/gtest.h>

namespace kindred {
namespace {

const std::string key = from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").value();
const std::string iv = from_hex("cafebabefacedbaddecaf888").value();

/// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13, 14 and 15.
TEST(AesGcm, OpensThePublishedCases) {
    const std::string zeros(32, '\0');
    const std::string no_iv(12, '\0');
    EXPECT_EQ(open_aes_gcm(zeros, no_iv, from_hex("530f8afbc74536b9a963b4f1c4cb738b").value()), "");
    EXPECT_EQ(open_aes_gcm(zeros, no_iv,
                           from_hex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919").value()),
              std::string(16, '\0'));
    const auto sealed = from_hex(
                            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10"
                            "56828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c")
                            .value();
    EXPECT_EQ(to_hex(open_aes_gcm(key, iv, sealed).value()),
              "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
              "b16aedf5aa0de657ba637b391aafd255");
    // Twelve of its sixteen bytes are a tag as well.
    EXPECT_TRUE(open_aes_gcm(key, iv, sealed.substr(0, sealed.size() - 4), 12));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto flipped = sealed;
        flipped[i] = static_cast<char>(flipped[i] ^ 1);
        EXPECT_FALSE(open_aes_gcm(key, iv, flipped)) << i;
    }
}

TEST(AesGcm, TakesNothingThatDoesNotFit) {
    const std::string sealed(40, 'x');
    EXPECT_FALSE(open_aes_gcm("", iv, sealed));
    EXPECT_FALSE(open_aes_gcm(key.substr(1), iv, sealed));
    EXPECT_FALSE(open_aes_gcm(key, "", sealed));
    EXPECT_FALSE(open_aes_gcm(key, std::string(65, 'i'), sealed));
    EXPECT_FALSE(open_aes_gcm(key, iv, "short"));
    EXPECT_FALSE(open_aes_gcm(key, iv, ""));
    EXPECT_FALSE(open_aes_gcm(key, iv, sealed, 8));
}

/// NIST SP 800-38A, F.2.6, in which the padding's block follows the four published ones.
TEST(AesCbc, OpensThePublishedCaseAndLooksAtThePadding) {
    const auto cbc_key = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4").value();
    const auto cbc_iv = from_hex("000102030405060708090a0b0c0d0e0f").value();
    const auto blocks = from_hex(
                            "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
                            "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"
                            "3f461796d6b0d6b2e0c2a72b4d80e644")
                            .value();
    EXPECT_EQ(to_hex(open_aes_cbc(cbc_key, cbc_iv, blocks).value()),
              "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52ef"
              "f69f2445df4f9b17ad2b417be66c3710");
    EXPECT_FALSE(open_aes_cbc(cbc_key, cbc_iv, blocks.substr(0, 64))) << "the last block is no padding";
    EXPECT_FALSE(open_aes_cbc(cbc_key, cbc_iv, blocks.substr(0, 70)));
    EXPECT_FALSE(open_aes_cbc(cbc_key, cbc_iv, ""));
    EXPECT_FALSE(open_aes_cbc(cbc_key, cbc_iv.substr(1), blocks));
    EXPECT_FALSE(open_aes_cbc(cbc_key.substr(1), cbc_iv, blocks));
}

}  // namespace
}  // namespace kindred
