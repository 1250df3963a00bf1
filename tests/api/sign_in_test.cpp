#include "engine/api/sign_in.hpp"

#include "engine/api/password.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace kindred::api {
namespace {

using namespace std::chrono_literals;
using headers = std::vector<std::pair<std::string, std::string>>;

std::string header_of(const http::response& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers())
        if (key == name) return value;
    return {};
}

class signing_in : public testing::Test {
protected:
    signing_in() {
        auto ann = runtime::agent_named("ann");
        ann.id = runtime::site_run::ann;
        ann.password_hash = hash_password("correct horse");
        std::promise<void> changed;
        runtime::roster_change change;
        change.people = {ann};
        change.done = [&](const result<std::string>&) { changed.set_value(); };
        run_.submit(std::move(change));
        runtime::value_of(changed.get_future());
        run_.settle();
    }
    ~signing_in() override { sign_in_.stop(); }

    static std::shared_ptr<call> asked(std::string_view method, const headers& with, std::string_view body = {},
                                       http::responder answer = http::responder([](const http::response&) {})) {
        http::request request;
        request.method = method;
        request.path = "/api/v1/me";
        request.body = body;
        request.peer = "192.0.2.1";
        for (const auto& [name, value] : with) request.headers.push_back({name, value});
        return std::make_shared<call>(request, std::move(answer));
    }
    result<caller> identify(std::string_view method, const headers& with) {
        return sign_in_.identify(*asked(method, with));
    }
    errc refusal(std::string_view method, const headers& with) { return identify(method, with).error().code; }

    http::response log_in(std::string_view body) {
        auto promise = std::make_shared<std::promise<http::response>>();
        auto promised = promise->get_future();
        sign_in_.log_in(asked("POST", {}, body, http::responder([promise](http::response answer) {
                                  promise->set_value(std::move(answer));
                              })));
        return runtime::value_of(std::move(promised));
    }
    std::string token() {
        const auto answer = log_in(R"({"login":"ann","password":"correct horse","bearer":true})");
        return std::string(json::document::parse(answer.body()).value()["token"].text());
    }
    static headers cookie(const std::string& token, headers more = {}) {
        more.emplace_back("Cookie", "theme=dark; __Host-kindred=" + token);
        return more;
    }

    runtime::site_run run_;
    sign_in sign_in_{
        run_.site(), {{"shop", {"new-token-0123456789", "old-token-0123456789"}, "api"}}, "https://desk.example"};
};

TEST_F(signing_in, ATokenOfTheConfigurationIsKnownByEitherSecret) {
    for (const auto* secret : {"new-token-0123456789", "old-token-0123456789"}) {
        const auto who = identify("POST", {{"Authorization", std::string("Bearer ") + secret}});
        ASSERT_TRUE(who) << secret;
        EXPECT_EQ(who->name, "shop");
        EXPECT_EQ(who->role, "api");
        EXPECT_EQ(who->agent, agent_id{});
    }
    for (const auto* wrong : {"Bearer ", "Bearer new-token-012345678", "Bearer new-token-0123456789x", "Basic bmV3",
                              "new-token-0123456789"})
        EXPECT_EQ(refusal("GET", {{"Authorization", wrong}}), errc::unauthorized) << wrong;
    EXPECT_EQ(refusal("GET", {}), errc::unauthorized);
}

TEST_F(signing_in, ACorrectPasswordGivesACookieThatScriptsAndOtherSitesCannotUse) {
    const auto answer = log_in(R"({"login":"ann","password":"correct horse"})");
    EXPECT_EQ(answer.status(), 200U);
    const auto set = header_of(answer, "Set-Cookie");
    ASSERT_TRUE(set.starts_with("__Host-kindred="));
    for (const auto* attribute : {"; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Strict;"})
        EXPECT_NE(set.find(attribute), std::string::npos) << set;
    EXPECT_EQ(answer.body().find("token"), std::string::npos) << "the page has no use for it";
    const auto token = set.substr(15, set.find(';') - 15);
    const auto who = identify("GET", cookie(token));
    ASSERT_TRUE(who);
    EXPECT_EQ(who->agent, runtime::site_run::ann);
    EXPECT_TRUE(who->by_cookie);
    EXPECT_EQ(refusal("GET", {{"Cookie", "__Host-kindred=" + token + "; __Host-kindred=" + token}}), errc::unauthorized)
        << "two of one name";
    EXPECT_EQ(refusal("GET", {{"Cookie", "kindred=" + token}}), errc::unauthorized);
    EXPECT_FALSE(run_.durable().session(token).value()) << "the store knows its hash alone";
}

TEST_F(signing_in, AChangeByCookieMustComeFromOurOwnPage) {
    const auto mine = token();
    for (const auto& fine :
         std::initializer_list<headers>{{{"Sec-Fetch-Site", "same-origin"}},
                                        {{"Origin", "https://desk.example"}},
                                        {{"Origin", "http://127.0.0.1:8080"}, {"Host", "127.0.0.1:8080"}}})
        EXPECT_TRUE(identify("POST", cookie(mine, fine))) << fine[0].second;
    for (const auto& wrong :
         std::initializer_list<headers>{{},
                                        {{"Sec-Fetch-Site", "cross-site"}},
                                        {{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://desk.example"}},
                                        {{"Origin", "https://evil.example"}, {"Host", "desk.example"}},
                                        {{"Origin", "null"}}})
        EXPECT_EQ(refusal("POST", cookie(mine, wrong)), errc::forbidden);
    EXPECT_TRUE(identify("GET", cookie(mine)));
    EXPECT_TRUE(identify("POST", {{"Authorization", "Bearer " + mine}})) << "no browser sends this by itself";
}

TEST_F(signing_in, ASessionEndsWhenItIsNotUsedAndAfterADay) {
    const auto mine = token();
    run_.clock().advance(8h - 1ms);
    EXPECT_TRUE(identify("GET", cookie(mine)));
    run_.clock().advance(8h - 1ms);
    EXPECT_TRUE(identify("GET", cookie(mine)));
    run_.clock().advance(8h + 2ms);
    EXPECT_EQ(refusal("GET", cookie(mine)), errc::unauthorized) << "a day is over";
    const auto other = token();
    run_.clock().advance(8h);
    EXPECT_EQ(refusal("GET", cookie(other)), errc::unauthorized) << "nobody used it";
}

TEST_F(signing_in, LoggingOutEndsTheSession) {
    const auto mine = token();
    auto asking = asked("POST", cookie(mine, {{"Sec-Fetch-Site", "same-origin"}}));
    asking->who = identify("GET", cookie(mine)).value();
    sign_in_.log_out(*asking);
    EXPECT_EQ(refusal("GET", cookie(mine)), errc::unauthorized);
}

TEST_F(signing_in, WhoIsNotKnownIsRefusedLikeAWrongPassword) {
    const auto wrong = log_in(R"({"login":"ann","password":"wrong"})");
    EXPECT_EQ(wrong.status(), 401U);
    EXPECT_EQ(header_of(wrong, "Set-Cookie"), "");
    const auto unknown = log_in(R"({"login":"nobody","password":"correct horse"})");
    EXPECT_EQ(unknown.status(), 401U);
    EXPECT_EQ(unknown.body(), wrong.body()) << "says nothing about who exists";
    EXPECT_EQ(log_in(R"({"login":"ben","password":""})").status(), 400U);
    EXPECT_EQ(log_in(R"({"login":"ann","pasword":"x"})").status(), 400U);
    EXPECT_EQ(log_in(R"({"login":"ann","password":")" + std::string(1'025, 'x') + "\"}").status(), 400U)
        << "hashing is not for free";
}

TEST_F(signing_in, TenWrongPasswordsAreEnough) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(log_in(R"({"login":"ann","password":"wrong"})").status(), 401U);
    const auto refused = log_in(R"({"login":"ann","password":"correct horse"})");
    EXPECT_EQ(refused.status(), 429U);
    EXPECT_EQ(header_of(refused, "Retry-After"), "900");
    run_.clock().advance(15min + 1ms);
    EXPECT_EQ(log_in(R"({"login":"ann","password":"correct horse"})").status(), 200U);
}

}  // namespace
}  // namespace kindred::api
