#include "engine/http/header_gate.hpp"
#include "engine/http/request_reader.hpp"
#include "http/support/raw_client.hpp"
#include "http/support/test_server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace kindred::http {
namespace {

using namespace test;

/// Requests that two implementations could cut into pieces differently. Each is followed by bytes that would be a
/// request of its own if the server believed the wrong length.
struct ambiguous {
    const char* name;
    std::string bytes;
    unsigned status = 400;
    const char* reason = "malformed";

    friend std::ostream& operator<<(std::ostream& out, const ambiguous& shown) { return out << shown.name; }
};

const std::string post = "POST / HTTP/1.1\r\n";
const std::string host = "Host: a\r\n";
const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

const ambiguous corpus[] = {
    {"length_and_chunked", post + host + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"chunked_and_length", post + host + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"},
    {"other_encoding_and_length", post + host + "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 400,
     "bad_transfer_encoding"},
    {"other_encoding_alone", post + host + "Transfer-Encoding: gzip\r\n\r\nabc", 400, "bad_transfer_encoding"},
    {"chunked_is_not_last", post + host + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400,
     "bad_transfer_encoding"},
    {"chunked_behind_another", post + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400,
     "bad_transfer_encoding"},
    {"nearly_chunked", post + host + "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc", 400,
     "bad_transfer_encoding"},
    {
        "chunked_twice",
        post + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    },
    {"chunked_with_parameter", post + host + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 400,
     "bad_transfer_encoding"},
    {"chunked_on_http_1_0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "bad_transfer_encoding"},
    {"two_lengths", post + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
    {"the_same_length_twice", post + host + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400,
     "bad_content_length"},
    {"list_of_lengths", post + host + "Content-Length: 3, 3\r\n\r\nabc", 400, "bad_content_length"},
    {"signed_length", post + host + "Content-Length: +3\r\n\r\nabc"},
    {"negative_length", post + host + "Content-Length: -3\r\n\r\nabc"},
    {"hexadecimal_length", post + host + "Content-Length: 0x3\r\n\r\nabc"},
    {"endless_length", post + host + "Content-Length: 99999999999999999999999\r\n\r\nabc"},
    {"length_near_the_end_of_numbers", post + host + "Content-Length: 9999999999999999999\r\n\r\nabc", 400,
     "bad_content_length"},
    {"blank_before_colon", post + host + "Content-Length : 3\r\n\r\nabc"},
    {"folded_header", post + host + "X: a\r\n b\r\nContent-Length: 3\r\n\r\nabc", 400, "folded_header"},
    {"folded_encoding", post + host + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400, "folded_header"},
    {"no_host", "GET / HTTP/1.1\r\nX: a\r\n\r\n", 400, "bad_host"},
    {"two_hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad_host"},
    {"empty_host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "bad_host"},
    {"two_hosts_in_one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, "bad_host"},
    {"host_with_path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "bad_host"},
    {"bare_line_feeds", "GET / HTTP/1.1\nHost: a\n\n"},
    {"bare_line_feed_in_header", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"},
    {"bare_carriage_return", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"},
    {"nul_in_value", post + host + std::string("X: a\0b\r\n\r\n", 10)},
    {"nul_in_name", post + host + std::string("X\0Y: b\r\n\r\n", 10)},
    {"control_byte_in_value", post + host +
                                  "X: a\x01"
                                  "b\r\n\r\n"},
    {"high_byte_in_target", "GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"fragment_in_target", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"blank_in_target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"target_without_slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"tunnel", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400, "bad_target"},
    {"absolute_target_with_user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"empty_field_name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"},
    {"no_colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"},
    {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"http_0_9", "GET /\r\n"},
    {"version_1_2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"},
    {"lower_case_version", "GET / http/1.1\r\nHost: a\r\n\r\n"},
    {"chunk_size_with_sign", post + host + "Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n"},
    {"chunk_size_with_prefix", post + host + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n"},
    {"chunk_size_overflow", post + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n"},
    {"chunk_longer_than_said", post + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"},
    {"chunk_ends_in_line_feed", post + host + "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n"},
    {"unknown_expectation", post + host + "Expect: something\r\nContent-Length: 3\r\n\r\nabc", 417, "bad_expectation"},
    {"compressed_body", post + host + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415, "encoded_body"},
    {"long_target", "GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target_too_long"},
    {"endless_target", "GET /" + std::string(9000, 'a'), 414, "target_too_long"},
    {"large_header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'a') + "\r\n\r\n", 431, "header_too_large"},
};

class Smuggling : public testing::TestWithParam<ambiguous> {};

TEST_P(Smuggling, IsRefusedAndTheConnectionEnds) {
    test_server server(echo);
    raw_client client(server.port());
    const auto got = client.ask(GetParam().bytes + smuggled);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, GetParam().status);
    EXPECT_EQ(got->body, GetParam().reason + std::string("\n"));
    EXPECT_EQ(got->headers.at("connection"), "close");
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server.seen().seen(std::string("refused ") + GetParam().reason), 1U);
    EXPECT_EQ(server.seen().seen("answered 200"), 0U);
}

// A request that arrives in pieces takes other ways through the parser than one that is there at once.
TEST_P(Smuggling, IsRefusedByteByByte) {
    request_reader reader;
    auto state = request_reader::progress::need_more;
    for (const char byte : GetParam().bytes + smuggled) {
        reader.space().front() = byte;
        reader.received(1);
        state = reader.advance();
        if (state == request_reader::progress::head_complete) state = reader.allow_body(1000);
        if (state != request_reader::progress::need_more) break;
    }
    ASSERT_EQ(state, request_reader::progress::refused);
    EXPECT_EQ(status_of(reader.reason()), GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(Corpus, Smuggling, testing::ValuesIn(corpus),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(HeaderGate, TakesAHundredFieldsAndNoMore) {
    const auto with_fields = [](int count) {
        std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int made = 1; made < count; ++made) bytes += "X: y\r\n";
        return bytes + "\r\n";
    };
    EXPECT_TRUE(read_request(with_fields(100), 0, [](const request&) {}));
    EXPECT_NE(read_request(with_fields(101), 0, [](const request&) {}).error().message.find("too_many_fields"),
              std::string::npos);
}

TEST(HeaderGate, UnderstandsAllFormsOfTarget) {
    const auto path_and_query = [](std::string_view target) {
        std::string_view path;
        std::string_view query;
        EXPECT_TRUE(split_target(target, path, query)) << target;
        return std::string(path) + "|" + std::string(query);
    };
    EXPECT_EQ(path_and_query("/"), "/|");
    EXPECT_EQ(path_and_query("/a/b?c=d?e"), "/a/b|c=d?e");
    EXPECT_EQ(path_and_query("*"), "*|");
    EXPECT_EQ(path_and_query("http://here:80/a?b"), "/a|b");
    EXPECT_EQ(path_and_query("HTTPS://here"), "/|");
}

}  // namespace
}  // namespace kindred::http
