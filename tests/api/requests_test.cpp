#include "engine/api/call.hpp"
#include "engine/api/password.hpp"
#include "engine/api/sign_in.hpp"
#include "engine/api/status.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

namespace kindred::api {
namespace {

using namespace std::chrono_literals;

call call_with(std::string_view body) {
    http::request asked;
    asked.method = "POST";
    asked.path = "/api/v1/tickets/7/reply";
    asked.query = "q=two%20words&empty=";
    asked.headers = {{"Idempotency-Key", "k1"}};
    asked.body = body;
    return {asked, http::responder([](const http::response&) {})};
}

std::string header_of(const http::response& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers())
        if (key == name) return value;
    return {};
}

TEST(Call, OwnsWhatItWasAsked) {
    const auto asked = call_with("{}");
    EXPECT_EQ(asked.header("idempotency-key"), "k1");
    EXPECT_EQ(asked.header("nothing"), "");
    EXPECT_EQ(asked.query_parameter("q"), "two words");
    EXPECT_EQ(asked.query_parameter("empty"), "");
    EXPECT_EQ(asked.query_parameter("nothing"), std::nullopt);
}

TEST(Call, AnIdInThePathIsANumberOrNotFound) {
    auto asked = call_with("{}");
    asked.parameters = {{"id", "7"}, {"agent", "me"}, {"zero", "0"}};
    EXPECT_EQ(asked.id<ticket_id>().value(), ticket_id{7});
    for (const auto* name : {"agent", "missing"}) {
        const auto wrong = asked.id<agent_id>(name);
        ASSERT_FALSE(wrong) << name;
        EXPECT_EQ(wrong.error().code, errc::not_found);
    }
}

TEST(BodyReader, ReadsTheMembersItIsAskedFor) {
    const auto asked = call_with(R"({"text":"hi","bearer":true,"nothing":null,"to":{"queue":"a"}})");
    auto body = body_reader::parse(asked);
    ASSERT_TRUE(body);
    EXPECT_EQ(body->text("text"), "hi");
    EXPECT_EQ(body->yes_no("bearer"), true);
    EXPECT_EQ(body->text("nothing"), std::nullopt);
    EXPECT_EQ(body->text("absent"), std::nullopt);
    EXPECT_EQ(body->any("to")["queue"].text(), "a");
    EXPECT_TRUE(body->finish());
}

TEST(BodyReader, AnEmptyBodyIsAnEmptyObject) {
    auto body = body_reader::parse(call_with(""));
    ASSERT_TRUE(body);
    EXPECT_EQ(body->text("text"), std::nullopt);
    EXPECT_TRUE(body->finish());
}

TEST(BodyReader, NamesTheFieldThatIsWrongOrUnknown) {
    struct row {
        const char* body;
        const char* message;
    };
    for (const auto& [given, message] : std::initializer_list<row>{
             {R"({"txet":"hi"})", "txet: unknown field, did you mean \"text\"?"},
             {R"({"zzzzzzzz":1})", "zzzzzzzz: unknown field"},
             {R"({"text":7})", "text: wants a text"},
             {R"({"bearer":"yes"})", "bearer: wants true or false"},
             {R"({"text":[],"bearer":0,"x":1})", "text: wants a text"},
         }) {
        auto body = body_reader::parse(call_with(given));
        ASSERT_TRUE(body) << given;
        (void)body->text("text");
        (void)body->yes_no("bearer");
        const auto finished = body->finish();
        ASSERT_FALSE(finished) << given;
        EXPECT_EQ(finished.error(), fail(errc::invalid, message));
    }
}

TEST(BodyReader, RefusesWhatIsNoObject) {
    for (const auto* given : {"[]", "7", "\"text\"", "null", "{", "{\"a\":1,\"a\":2}", "{} {}", "\xff"}) {
        const auto body = body_reader::parse(call_with(given));
        ASSERT_FALSE(body) << given;
        EXPECT_EQ(body.error().code, errc::invalid);
    }
}

TEST(Problem, EveryCodeHasAStatusAndAStableType) {
    struct row {
        errc code;
        unsigned status;
    };
    for (const auto& [code, status] : std::initializer_list<row>{{errc::invalid, 400},
                                                                 {errc::not_found, 404},
                                                                 {errc::conflict, 409},
                                                                 {errc::unauthorized, 401},
                                                                 {errc::forbidden, 403},
                                                                 {errc::too_large, 413},
                                                                 {errc::overloaded, 503},
                                                                 {errc::unavailable, 503},
                                                                 {errc::timed_out, 504},
                                                                 {errc::unknown, 500},
                                                                 {errc::fenced, 503},
                                                                 {errc::corrupt, 500},
                                                                 {errc::io, 500}}) {
        SCOPED_TRACE(name_of(code));
        const auto answer = problem(code, "table tickets, page 7");
        EXPECT_EQ(answer.status(), status);
        EXPECT_EQ(to_status(code), status);
        EXPECT_EQ(answer.content_type(), "application/problem+json");
        const auto body = json::document::parse(answer.body());
        ASSERT_TRUE(body);
        EXPECT_EQ((*body)["type"].text(), std::string("/problems/") + name_of(code));
        EXPECT_EQ((*body)["title"].text(), http::reason_phrase(status));
        EXPECT_EQ((*body)["status"].integer(), status);
        EXPECT_EQ((*body)["detail"].text() == "table tickets, page 7", status != 500)
            << "what broke inside is nobody's business";
        EXPECT_EQ(header_of(answer, "Retry-After").empty(), status != 503);
        EXPECT_EQ(header_of(answer, "WWW-Authenticate"), status == 401 ? "Bearer" : "");
    }
}

TEST(LoginLimit, TenFailuresOfOneAccountFromOneAddressBlockIt) {
    login_limit limit;
    const time_point start{};
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(limit.blocked("ann", "10.0.0.1", start)) << i;
        limit.failed("ann", "10.0.0.1", start + i * 1s);
    }
    EXPECT_TRUE(limit.blocked("ann", "10.0.0.1", start + 10s));
    EXPECT_FALSE(limit.blocked("ann", "10.0.0.2", start + 10s)) << "a stranger must not lock her out of her own desk";
    EXPECT_FALSE(limit.blocked("ben", "10.0.0.1", start + 10s));
    EXPECT_TRUE(limit.blocked("ann", "10.0.0.1", start + 15min));
    EXPECT_FALSE(limit.blocked("ann", "10.0.0.1", start + 15min + 1ms));
}

TEST(LoginLimit, ASuccessForgetsTheFailures) {
    login_limit limit;
    const time_point start{};
    for (int i = 0; i < 9; ++i) limit.failed("ann", "10.0.0.1", start);
    limit.succeeded("ann", "10.0.0.1");
    limit.failed("ann", "10.0.0.1", start);
    EXPECT_FALSE(limit.blocked("ann", "10.0.0.1", start));
}

TEST(LoginLimit, AccountAndAddressAreNotMixedUp) {
    login_limit limit;
    for (int i = 0; i < 10; ++i) limit.failed("ann1", "0.0.0.1", time_point{});
    EXPECT_FALSE(limit.blocked("ann", "10.0.0.1", time_point{}));
}

TEST(Password, MatchesItsOwnHashAlone) {
    const auto encoded = hash_password("correct horse");
    EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << encoded;
    EXPECT_TRUE(password_matches(encoded, "correct horse"));
    EXPECT_FALSE(password_matches(encoded, "correct horse "));
    EXPECT_FALSE(password_matches(encoded, ""));
    EXPECT_NE(hash_password("correct horse"), encoded) << "every hash has a salt of its own";
}

TEST(Password, NothingMatchesAnEncodingThatIsNone) {
    for (const auto* encoded :
         {"", "correct horse", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$", "$2b$10$abcdefghijklmnopqrstuv"})
        EXPECT_FALSE(password_matches(encoded, "correct horse")) << encoded;
}

}  // namespace
}  // namespace kindred::api
