#include "engine/nodes/relay.hpp"

#include <gtest/gtest.h>

namespace kindred::nodes {
namespace {

kept_request handshake(std::string_view target) {
    http::request asked;
    asked.method = "GET";
    asked.target = target;
    asked.headers = {{"Connection", "Upgrade"},
                     {"Upgrade", "websocket"},
                     {"Cookie", "session=1"},
                     {"Sec-WebSocket-Key", "x"},
                     {"Kindred-Forwarded", "v1;of;an;outsider;0"}};
    return kept_request(asked);
}

TEST(KeptRequest, carries_what_is_not_of_its_connection_and_no_pass_of_somebody_else) {
    const auto kept = handshake("/api/v1/desk?after=7");
    ASSERT_EQ(kept.headers.size(), 1U);
    EXPECT_EQ(kept.headers.front().first, "Cookie");
    const auto view = kept.view();
    EXPECT_TRUE(view.wants_websocket());
    EXPECT_EQ(view.path, "/api/v1/desk");
    EXPECT_EQ(view.query, "after=7");
}

TEST(KeptRequest, answers_go_on_without_what_belongs_to_the_connection) {
    http::client_response said;
    said.status = 202;
    said.headers = {{"Content-Type", "application/json"},
                    {"Content-Length", "2"},
                    {"Connection", "close"},
                    {"Date", "now"},
                    {"Set-Cookie", "a=b"}};
    said.body = "{}";
    const auto made = to_response(said);
    EXPECT_EQ(made.status(), 202U);
    EXPECT_EQ(made.content_type(), "application/json");
    EXPECT_EQ(made.body(), "{}");
    ASSERT_EQ(made.headers().size(), 1U);
    EXPECT_EQ(made.headers().front().first, "Set-Cookie");
}

TEST(ToldSoFar, a_desk_goes_on_behind_its_last_frame) {
    told_so_far told(handshake("/api/v1/desk"));
    EXPECT_EQ(told.target(), "/api/v1/desk");
    told.note(R"({"seq":41,"type":"snapshot"})");
    told.note(R"({"type":"lookers","ticket":"3","agents":[]})");
    told.note(R"({"seq":42,"type":"entry"})");
    EXPECT_EQ(told.target(), "/api/v1/desk?after=42");
    told.note(R"({"seq":12,"type":"reset"})");
    EXPECT_EQ(told.target(), "/api/v1/desk?after=12");
}

TEST(ToldSoFar, a_desk_that_came_back_by_itself_and_was_told_nothing_goes_on_from_there) {
    const told_so_far told(handshake("/api/v1/desk?after=9&x=y"));
    EXPECT_EQ(told.target(), "/api/v1/desk?x=y&after=9");
}

TEST(ToldSoFar, a_chat_stays_that_of_the_visitor_whom_it_was_told) {
    told_so_far told(handshake("/chat/webchat"));
    told.note(R"({"type":"welcome","visitor":"abc","history":[{"number":100001},{"number":100004}]})");
    EXPECT_EQ(told.target(), "/chat/webchat?visitor=abc&after=100004");
    told.note(R"({"type":"ack","id":"1","number":100007})");
    told.note(R"({"type":"message","number":100006})");
    EXPECT_EQ(told.target(), "/chat/webchat?visitor=abc&after=100006");
    told.note("no json");
    told.note(R"({"type":"welcome","visitor":"def","history":[]})");
    EXPECT_EQ(told.target(), "/chat/webchat?visitor=def");
}

}  // namespace
}  // namespace kindred::nodes
