#include "engine/channel/multipart.hpp"

#include <gtest/gtest.h>

namespace kindred::channel {
namespace {

TEST(MultipartWriter, IsReadByTheReaderAsItWasWritten) {
    multipart_writer form("key-1");
    const std::string content("\r\n--x\r\n\0\xff", 9);
    form.add("chat_id", "42");
    form.add_file("document", "a \"b\"\r\n.pdf", "application/pdf", content);
    form.add_file("document", "", "bad\r\nX: y", "x");
    const auto type = form.media_type();
    const auto boundary = type.substr(type.find('=') + 1);
    const auto body = form.take();
    const auto parts = parse_multipart(body, boundary).value();
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].name, "chat_id");
    EXPECT_FALSE(parts[0].filename);
    EXPECT_EQ(parts[0].content, "42");
    EXPECT_EQ(parts[1].name, "document");
    EXPECT_EQ(parts[1].type, "application/pdf");
    EXPECT_EQ(parts[1].content, content);
    EXPECT_EQ(parts[2].filename, "file");
    EXPECT_EQ(parts[2].type, "application/octet-stream");
}

TEST(MultipartWriter, TheSameSeedGivesTheSameBody) {
    const auto made = [](const char* seed) {
        multipart_writer form(seed);
        form.add("a", "b");
        return form.take();
    };
    EXPECT_EQ(made("x"), made("x"));
    EXPECT_NE(made("x"), made("y"));
}

}  // namespace
}  // namespace kindred::channel
