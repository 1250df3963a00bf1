#include "engine/http/request_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace kindred::http {
namespace {

/// Every request in `bytes`, fed in pieces of the given sizes in turn, as "method target body".
std::vector<std::string> read_all(std::string_view bytes, const std::vector<std::size_t>& pieces) {
    request_reader reader;
    std::vector<std::string> got;
    std::size_t turn = 0;
    while (!bytes.empty()) {
        const auto space = reader.space();
        const auto wanted = pieces.empty() ? bytes.size() : pieces[turn++ % pieces.size()];
        const auto size = std::min({std::max<std::size_t>(wanted, 1), space.size(), bytes.size()});
        std::memcpy(space.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        reader.received(size);
        for (auto state = reader.advance(); state != request_reader::progress::need_more; state = reader.advance()) {
            if (state == request_reader::progress::head_complete) state = reader.allow_body(1U << 20U);
            if (state == request_reader::progress::need_more) break;
            if (state == request_reader::progress::refused) {
                got.emplace_back(name_of(reader.reason()));
                return got;
            }
            const auto& asked = reader.current();
            got.push_back(std::string(asked.method) + " " + std::string(asked.target) + " " + std::string(asked.body) +
                          " " + std::to_string(asked.headers.size()));
            reader.next();
        }
    }
    return got;
}

std::string request_with(const std::string& body, bool chunked) {
    if (!chunked)
        return "POST /l HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    std::string bytes = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 1000) {
        const auto size = std::min<std::size_t>(1000, body.size() - at);
        char line[16];
        std::snprintf(line, sizeof line, "%zx\r\n", size);
        bytes += line + body.substr(at, size) + "\r\n";
    }
    return bytes + "0\r\nX-Trailer: ignored\r\n\r\n";
}

RC_GTEST_PROP(RequestReader, ReadsTheSameWhereverTheBytesAreCut,
              (const std::vector<std::size_t>& sizes, bool chunked)) {
    std::vector<std::size_t> pieces;
    for (const auto size : sizes) pieces.push_back(size % 3000 + 1);
    std::string bytes;
    std::vector<std::string> expected;
    for (const std::size_t size : {0UL, 5UL, 900UL, 9000UL, 40'000UL}) {
        const std::string body(size, 'x');
        bytes += request_with(body, chunked);
        expected.push_back((chunked ? "POST /c " : "POST /l ") + body + " 2");
    }
    RC_ASSERT(read_all(bytes, pieces) == expected);
}

TEST(RequestReader, BearsAnEmptyLineBetweenRequests) {
    for (const std::size_t piece : {1, 2, 3, 1000}) {
        EXPECT_EQ(read_all("\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", {piece}),
                  (std::vector<std::string>{"GET /1  1", "GET /2  1"}));
    }
    EXPECT_EQ(read_all("\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n", {}), std::vector<std::string>{"malformed"});
}

TEST(RequestReader, TakesChunksThatComeByteByByte) {
    const std::string head = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::size_t piece : {1, 2, 3, 1000}) {
        EXPECT_EQ(read_all(head + "0\r\n\r\n", {piece}), std::vector<std::string>{"POST /c  2"});
        EXPECT_EQ(read_all(head + "a;x=\"y\"\r\n0123456789\r\n000\r\nX-A: b\r\nX-C: d\r\n\r\n", {piece}),
                  std::vector<std::string>{"POST /c 0123456789 2"});
    }
}

TEST(RequestReader, RefusesChunksOutOfShape) {
    const std::string head = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& chunks :
         {std::string("\r\n"), std::string(";x\r\n"), std::string("g\r\n"), std::string("3 \r\nabc\r\n"),
          std::string(" 3\r\nabc\r\n"), std::string("-3\r\n"), std::string("3\nabc\r\n"), std::string("3\r\nabc\n"),
          std::string("3\r\nabcX\r\n"), std::string("1000000000000000\r\n"), std::string("3;\x01\r\n"),
          std::string("0\r\nnonsense\r\n"), std::string("0\r\n x: y\r\n"), std::string("0\r\nx : y\r\n"),
          std::string("0\r\n: y\r\n"), "3;" + std::string(5000, 'x'), "0\r\nx: " + std::string(5000, 'x')}) {
        EXPECT_EQ(read_all(head + chunks, {}), std::vector<std::string>{"malformed"}) << chunks;
    }
    std::string extended = head;
    for (int made = 0; made < 5; ++made) extended += "1;" + std::string(2000, 'x') + "\r\ny\r\n";
    EXPECT_EQ(read_all(extended, {}), std::vector<std::string>{"malformed"});
    EXPECT_EQ(read_all(head + "100001\r\n", {}), std::vector<std::string>{"body_too_large"});
}

TEST(RequestReader, ReadsCapturedRequests) {
    std::string got;
    const auto read =
        read_request("POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", 10, [&](const request& asked) {
            got = std::string(asked.path) + " " + std::string(asked.query) + " " + std::string(asked.body);
        });
    ASSERT_TRUE(read);
    EXPECT_EQ(got, "/a b=c hi");
    const auto code_of = [](std::string_view bytes) {
        return read_request(bytes, 10, [](const request&) { FAIL(); }).error().code;
    };
    EXPECT_EQ(code_of(""), errc::invalid);
    EXPECT_EQ(code_of("GET / HTTP/1.1\r\nHost: a\r\n"), errc::invalid);
    EXPECT_EQ(code_of("GET / HTTP/1.1\r\nHost: a\r\n\r\nmore"), errc::invalid);
    EXPECT_EQ(code_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello there"), errc::too_large);
}

TEST(Request, FindsHeadersAndCookies) {
    request asked;
    asked.headers = {{"Cookie", "a=1; __Host-session=abc; b=2"}, {"X", "1"}, {"x", "2"}, {"Y", "3"}};
    EXPECT_EQ(asked.header("x"), "1");
    EXPECT_EQ(asked.count("X"), 2U);
    EXPECT_EQ(asked.single_header("x"), std::nullopt);
    EXPECT_EQ(asked.single_header("y"), "3");
    EXPECT_EQ(asked.single_header("z"), std::nullopt);
    EXPECT_EQ(asked.cookie("__Host-session"), "abc");
    EXPECT_EQ(asked.cookie("b"), "2");
    EXPECT_EQ(asked.cookie("c"), std::nullopt);
    asked.headers.push_back({"Cookie", "b=3"});
    EXPECT_EQ(asked.cookie("b"), std::nullopt);
    EXPECT_TRUE(has_token("keep-alive, Upgrade", "upgrade"));
    EXPECT_FALSE(has_token("upgraded", "upgrade"));
}

}  // namespace
}  // namespace kindred::http
