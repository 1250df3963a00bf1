#include "engine/http/response.hpp"

#include "engine/http/responder.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>

namespace kindred::http {
namespace {

std::string bytes_of(const response& answer, response_form form = {}) {
    form.date = "now";
    std::string out;
    append_response(out, answer, form);
    return out;
}

TEST(Response, WritesTheWholeMessage) {
    EXPECT_EQ(
        bytes_of(response::json(201, "{}").header("X-A", "b")),
        "HTTP/1.1 201 Created\r\nDate: now\r\nContent-Type: application/json\r\nX-A: b\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(bytes_of(response::empty(204)), "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n");
    EXPECT_EQ(bytes_of(response::empty(304)), "HTTP/1.1 304 Not Modified\r\nDate: now\r\n\r\n");
    EXPECT_EQ(bytes_of(response::empty(200)), "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(bytes_of(response(200, "x").close()),
              "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
              "1\r\nConnection: close\r\n\r\nx");
    response_form head;
    head.head = true;
    EXPECT_EQ(bytes_of(response(200, "x"), head),
              "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 1\r\n\r\n");
}

TEST(Response, TurnsIntoABareErrorRatherThanBeSplit) {
    const std::string bare = "HTTP/1.1 500 Internal Server Error\r\nDate: now\r\nContent-Length: 0\r\n\r\n";
    EXPECT_EQ(bytes_of(response(200, "x").header("X", "a\r\nY: b")), bare);
    EXPECT_EQ(bytes_of(response(200, "x").header("X\r\nY", "a")), bare);
    EXPECT_EQ(bytes_of(response(200, "x").header("", "a")), bare);
    EXPECT_EQ(bytes_of(response(200, "x").header("X", std::string("a\0b", 3))), bare);
    EXPECT_EQ(bytes_of(response(200, "x", "text/plain\r\nX: y")), bare);
    EXPECT_EQ(bytes_of(response(200, "x").header("Content-Length", "5")), bare);
    EXPECT_EQ(bytes_of(response(200, "x").header("transfer-encoding", "chunked")), bare);
    EXPECT_EQ(bytes_of(response(200, "x").header("X", "\n").header("Y", "fine")), bare);
    EXPECT_EQ(bytes_of(response(100, "x")), bare);
    EXPECT_EQ(bytes_of(response(0)), bare);
    EXPECT_EQ(bytes_of(response(1000)), bare);
}

RC_GTEST_PROP(Response, HasOneHeaderBlockWhateverTheHeader, (const std::string& name, const std::string& value)) {
    const auto bytes = bytes_of(response(200).header(name, value));
    RC_ASSERT(bytes.find("\r\n\r\n") == bytes.size() - 4);
    std::size_t lines = 0;
    for (auto at = bytes.find('\n'); at != std::string::npos; at = bytes.find('\n', at + 1)) ++lines;
    RC_ASSERT(lines <= 6U);
}

TEST(Responder, AnswersAFunctionOnce) {
    std::optional<response> told;
    int times = 0;
    const auto sink = [&](response answer) {
        told = std::move(answer);
        ++times;
    };
    {
        const responder answer(sink);
        const responder copy = answer;
        copy.send(response(201));
        answer.send(response(400));
    }
    EXPECT_EQ(told->status(), 201U);
    EXPECT_EQ(times, 1);
    { const responder dropped(sink); }
    EXPECT_EQ(told->status(), 500U);
    responder(sink).accept(nullptr);
    EXPECT_EQ(told->status(), 426U);
}

}  // namespace
}  // namespace kindred::http
