#include "engine/tls/server_identity.hpp"

#include "support/certificate.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace kindred::tls {
namespace {

using test::certificate;

std::string problem_of(const certificate_files& files) {
    const auto loaded = server_identity::load(files);
    return loaded ? std::string() : loaded.error().message;
}

TEST(ServerIdentity, ReadsACertificateAndItsKey) {
    const certificate ours;
    const auto identity = server_identity::load({ours.file(), ours.key_file()});
    ASSERT_TRUE(identity) << identity.error().message;
    EXPECT_NE((*identity)->current(), nullptr);
    const auto left = (*identity)->expires_at() - system_clock().now();
    EXPECT_GT(left, std::chrono::minutes{55});
    EXPECT_LT(left, std::chrono::minutes{65});
}

TEST(ServerIdentity, SaysWhichFileIsWrong) {
    const certificate ours;
    const certificate other;
    const auto junk = ours.file() + ".junk";
    std::ofstream(junk) << "no PEM\n";
    EXPECT_NE(problem_of({"/nowhere.pem", ours.key_file()}).find("/nowhere.pem: is no certificate"), std::string::npos);
    EXPECT_NE(problem_of({junk, ours.key_file()}).find(junk + ": is no certificate"), std::string::npos);
    EXPECT_NE(problem_of({ours.file(), "/nowhere.pem"}).find("/nowhere.pem: is no unencrypted key"), std::string::npos);
    EXPECT_NE(problem_of({ours.file(), junk}).find(junk + ": is no unencrypted key"), std::string::npos);
    EXPECT_EQ(problem_of({ours.file(), other.key_file()}), other.key_file() + ": is not the key of " + ours.file());
}

TEST(ServerIdentity, KeepsWhatItHasWhenNewFilesAreWrong) {
    const certificate ours;
    const certificate other;
    auto identity = *server_identity::load({ours.file(), ours.key_file()});
    const auto before = identity->current();
    std::ofstream(ours.key_file()) << "half a fi";
    EXPECT_FALSE(identity->reload());
    EXPECT_EQ(identity->current(), before);
    other.write_to(ours.file(), ours.key_file());
    ASSERT_TRUE(identity->reload());
    EXPECT_NE(identity->current(), before);
    EXPECT_EQ(X509_cmp(SSL_CTX_get0_certificate(identity->current().get()), other.get()), 0);
}

TEST(ServerIdentity, NoticesReplacedFilesOnceTheyHaveComeToRest) {
    const certificate ours;
    const certificate other;
    auto identity = *server_identity::load({ours.file(), ours.key_file()});
    EXPECT_FALSE(identity->files_changed());
    other.write_to(ours.file(), ours.key_file());
    // Their size may be the same, and their time on a coarse file system.
    std::filesystem::last_write_time(ours.file(),
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours{1});
    EXPECT_FALSE(identity->files_changed()) << "still being written, perhaps";
    EXPECT_TRUE(identity->files_changed());
    EXPECT_TRUE(identity->files_changed()) << "until they were read";
    ASSERT_TRUE(identity->reload());
    EXPECT_FALSE(identity->files_changed());
    std::filesystem::remove(ours.file());
    EXPECT_FALSE(identity->files_changed());
    EXPECT_TRUE(identity->files_changed());
    EXPECT_FALSE(identity->reload());
    EXPECT_FALSE(identity->files_changed()) << "what is wrong is said once";
}

}  // namespace
}  // namespace kindred::tls
