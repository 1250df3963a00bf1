#include "engine/channel/file_rules.hpp"

#include <gtest/gtest.h>

#include <array>

namespace kindred::channel {
namespace {

outgoing_file file(std::string type, std::int64_t size) { return {"u-1", "a", std::move(type), {}, {}, size}; }

constexpr std::array<file_limit, 3> limits{{{"image/png", 5'000'000}, {"image/*", 500'000}, {"audio/*", 0}}};

std::string verdict(const abilities& can, const std::vector<outgoing_file>& files) {
    const auto fine = check_files(can, "pigeon", files);
    return fine ? "" : fine.error().message;
}

TEST(FileRules, KnowPatterns) {
    EXPECT_TRUE(fits_type("*", "a/b"));
    EXPECT_TRUE(fits_type("image/*", "image/png"));
    EXPECT_FALSE(fits_type("image/*", "imagery/png"));
    EXPECT_TRUE(fits_type("image/png", "image/png"));
    EXPECT_FALSE(fits_type("image/png", "image/pngx"));
}

TEST(FileRules, SayWhatAChannelTakes) {
    abilities none;
    EXPECT_EQ(verdict(none, {}), "");
    EXPECT_EQ(verdict(none, {file("image/png", 1)}),
              "attachments: pigeon cannot send files; write a link into the text");
    abilities can;
    can.files = true;
    EXPECT_EQ(verdict(can, {file("x/y", 1'000'000'000)}), "") << "no rules, no refusal";
    can.file_limits = limits;
    EXPECT_EQ(
        verdict(can, {file("image/png", 5'000'000), file("image/gif", 500'000), file("audio/mp4", 1'000'000'000)}), "");
    EXPECT_EQ(verdict(can, {file("image/png", 5'000'001)}),
              "attachments: \"a\" has 5.1 MB; pigeon takes image/png of at most 5 MB");
    EXPECT_EQ(verdict(can, {file("image/gif", 500'001)}),
              "attachments: \"a\" has 501 kB; pigeon takes image/* of at most 500 kB");
    EXPECT_EQ(verdict(can, {file("image/png", 1), file("text/plain", 1)}),
              "attachments: \"a\" is text/plain; pigeon takes image/png, image/*, audio/*: write a link into the text");
    can.most_file_bytes = 6'000'000;
    EXPECT_EQ(verdict(can, {file("image/png", 4'000'000), file("image/png", 3'000'000)}),
              "attachments: have 7 MB together; pigeon takes at most 6 MB with one message");
}

}  // namespace
}  // namespace kindred::channel
