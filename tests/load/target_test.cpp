#include "engine/load/target.hpp"

#include <gtest/gtest.h>

namespace kindred::load {
namespace {

TEST(target, is_read_from_a_url) {
    struct row {
        const char* url;
        const char* host;
        std::uint16_t port;
        const char* path;
        const char* authority;
    };
    for (const auto& each : {
             row{"http://127.0.0.1:8080", "127.0.0.1", 8080, "/webhooks/whatsapp", "127.0.0.1:8080"},
             row{"http://127.0.0.1:8080/", "127.0.0.1", 8080, "/webhooks/whatsapp", "127.0.0.1:8080"},
             row{"HTTP://desk.example/webhooks/wa?x=1#top", "desk.example", 80, "/webhooks/wa?x=1", "desk.example"},
             row{"http://[::1]:81/a", "::1", 81, "/a", "[::1]:81"},
             row{"http://[::1]", "::1", 80, "/webhooks/whatsapp", "[::1]"},
             row{"http://host?x=1", "host", 80, "/webhooks/whatsapp?x=1", "host"},
         }) {
        const auto read = parse_target(each.url);
        ASSERT_TRUE(read) << each.url;
        EXPECT_EQ(read->host, each.host) << each.url;
        EXPECT_EQ(read->port, each.port) << each.url;
        EXPECT_EQ(read->path, each.path) << each.url;
        EXPECT_EQ(read->authority(), each.authority) << each.url;
        const auto again = parse_target(read->url());
        ASSERT_TRUE(again) << read->url();
        EXPECT_EQ(again->url(), read->url());
    }
}

TEST(target, refuses_what_it_cannot_call) {
    for (const char* url :
         {"", "localhost:8080", "https://localhost", "ftp://localhost", "http://", "http:///path", "http://:80",
          "http://host:", "http://host:0", "http://host:65536", "http://host:8o", "http://[::1", "http://[::1]8080",
          "http://me@host/", "http://host/a b", "http://host/a\r\nX: y", "http://h\xC3\xB6st/"}) {
        const auto read = parse_target(url);
        ASSERT_FALSE(read) << url;
        EXPECT_EQ(read.error().code, errc::invalid);
        EXPECT_NE(read.error().message.find("target"), std::string::npos);
    }
}

}  // namespace
}  // namespace kindred::load
