#include "engine/load/answer_reader.hpp"

#include <gtest/gtest.h>

namespace kindred::load {
namespace {

using progress = answer_reader::progress;

TEST(answer_reader, reads_status_end_and_whether_the_connection_stays) {
    struct row {
        const char* bytes;
        unsigned status;
        bool stays;
    };
    for (const auto& each : {
             row{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, true},
             row{"HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", 200, true},
             row{"HTTP/1.1 204 No Content\r\n\r\n", 204, true},
             row{"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 503, false},
             row{"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, false},
             row{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nContent-Length: 1\r\n\r\nx", 401, true},
             row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, false},
         }) {
        answer_reader at_once;
        EXPECT_EQ(at_once.feed(each.bytes), progress::done) << each.bytes;
        EXPECT_EQ(at_once.status(), each.status) << each.bytes;
        EXPECT_EQ(at_once.keeps_connection(), each.stays) << each.bytes;

        answer_reader byte_by_byte;
        const std::string_view bytes = each.bytes;
        for (std::size_t at = 0; at + 1 < bytes.size(); ++at)
            ASSERT_EQ(byte_by_byte.feed(bytes.substr(at, 1)), progress::more) << bytes.substr(0, at + 1);
        EXPECT_EQ(byte_by_byte.feed(bytes.substr(bytes.size() - 1)), progress::done) << each.bytes;
        EXPECT_EQ(byte_by_byte.status(), each.status) << each.bytes;
    }
}

TEST(answer_reader, says_what_is_no_answer) {
    for (const std::string& bytes : {
             std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
             std::string("HTTP/1.1 2xx OK\r\n\r\n"),
             std::string("HTTP/1.1 999 OK\r\n\r\n"),
             std::string("HTTP/1.1\r\n\r\n"),
             std::string("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n"),
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy"),
             std::string(17U << 10U, 'x'),
         }) {
        answer_reader reader;
        EXPECT_EQ(reader.feed(bytes), progress::broken) << bytes.substr(0, 60);
    }
}

TEST(answer_reader, begins_anew_after_reset) {
    answer_reader reader;
    ASSERT_EQ(reader.feed("HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbu"), progress::more);
    ASSERT_EQ(reader.feed("sy"), progress::done);
    reader.reset();
    EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), progress::done);
    EXPECT_EQ(reader.status(), 200U);
    EXPECT_TRUE(reader.keeps_connection());
}

}  // namespace
}  // namespace kindred::load
