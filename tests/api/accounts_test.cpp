#include "engine/api/accounts.hpp"

#include "engine/api/password.hpp"
#include "tests/api/support/callers.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace kindred::api {
namespace {

class accounts : public testing::Test {
protected:
    ~accounts() override { sign_in_.stop(); }

    using handler = void (account_endpoints::*)(const std::shared_ptr<call>&);

    /// What one of the handlers answers to this body; `id` is the one in the path.
    http::response ask(handler act, std::string_view body, const caller& who, const std::string& id = {}) {
        auto promise = std::make_shared<std::promise<http::response>>();
        auto promised = promise->get_future();
        http::request request;
        request.method = "POST";
        request.body = body;
        request.peer = "192.0.2.1";
        auto made = std::make_shared<call>(
            request, http::responder([promise](http::response answer) { promise->set_value(std::move(answer)); }));
        made->who = who;
        if (!id.empty()) made->parameters.emplace("id", id);
        (accounts_.*act)(made);
        return runtime::value_of(std::move(promised));
    }
    http::response add(std::string_view body) { return ask(&account_endpoints::add, body, admin); }
    http::response set_password(const caller& who, const std::string& id, std::string_view body) {
        return ask(&account_endpoints::set_password, body, who, id);
    }
    std::future<http::response> begin_log_in(const std::string& login, const std::string& password) {
        auto promise = std::make_shared<std::promise<http::response>>();
        auto promised = promise->get_future();
        http::request request;
        const auto body = R"({"login":")" + login + R"(","password":")" + password + R"(","bearer":true})";
        request.body = body;
        request.peer = "192.0.2.2";
        sign_in_.log_in(std::make_shared<call>(
            request, http::responder([promise](http::response answer) { promise->set_value(std::move(answer)); })));
        return promised;
    }
    /// The session's token, or nothing.
    static std::string token_in(std::future<http::response> answer) {
        const auto came = runtime::value_of(std::move(answer));
        return std::string(json::document::parse(came.body()).value()["token"].text());
    }
    std::string log_in(const std::string& login, const std::string& password) {
        return token_in(begin_log_in(login, password));
    }
    result<caller> identify(const std::string& token) {
        const auto with = "Bearer " + token;
        http::request request;
        request.method = "GET";
        request.headers.push_back({"Authorization", with});
        return sign_in_.identify(call(request, http::responder([](const http::response&) {})));
    }
    const runtime::person& person(std::string_view login) {
        people_ = run_.site().people();
        return *people_->find(login);
    }
    static std::string detail(const http::response& answer) {
        return std::string(json::document::parse(answer.body()).value()["detail"].text());
    }

    const caller admin = caller_with("admin", {}, "operator");
    const caller ann = caller_with("agent", runtime::site_run::ann, "ann");
    runtime::site_run run_;
    sign_in sign_in_{run_.site(), {}, {}};
    account_endpoints accounts_{run_.site(), sign_in_};
    std::shared_ptr<const runtime::roster> people_;
};

TEST_F(accounts, somebody_new_can_log_in_as_soon_as_the_answer_is_there) {
    const auto answer =
        add(R"({"login":"zoe","password":"a long enough one","name":"Zoe","role":"supervisor","queues":["general"],)"
            R"("languages":{"es":8},"capacity":13,"phone":"+34600000003"})");
    ASSERT_EQ(answer.status(), 201U) << answer.body();
    EXPECT_EQ(answer.body().find("argon2"), std::string::npos);
    EXPECT_EQ(json::document::parse(answer.body()).value()["agent"]["login"].text(), "zoe");
    const auto zoe = person("zoe");
    EXPECT_EQ(zoe.name, "Zoe");
    EXPECT_EQ(zoe.role, "supervisor");
    EXPECT_EQ(zoe.queues, std::vector<std::string>{"general"});
    EXPECT_EQ(zoe.languages, (std::map<std::string, int>{{"es", 8}}));
    EXPECT_EQ(zoe.capacity, 13);
    const auto who = identify(log_in("zoe", "a long enough one"));
    ASSERT_TRUE(who);
    EXPECT_EQ(who->agent, zoe.id);
}

TEST_F(accounts, what_is_wrong_is_named_and_nobody_is_made) {
    const auto before = run_.site().people()->all().size();
    for (const auto& [body, says] : std::initializer_list<std::pair<const char*, const char*>>{
             {R"({})", "login: is missing"},
             {R"({"login":"two words"})", "login: wants"},
             {R"({"login":"me"})", "login: \"me\""},
             {R"({"login":"17"})", "login: \"me\""},
             {R"({"login":"zoe","name":""})", "name: wants"},
             {R"({"login":"zoe","role":"api"})", "role: wants"},
             {R"({"login":"zoe","role":"boss"})", "role: wants"},
             {R"({"login":"zoe","password":"too short"})", "password: wants at least 10"},
             {R"({"login":"zoe","password":"ñññññ"})", "password: wants at least 10"},
             {R"({"login":"zoe","password":null})", "password: wants at least 10"},
             {R"({"login":"zoe","queues":["genral"]})", "queues: there is no queue \"genral\", did you mean"},
             {R"({"login":"zoe","queues":"general"})", "queues: wants a list"},
             {R"({"login":"zoe","skills":{"lamps":3}})", "skills: there is no skill \"lamps\""},
             {R"({"login":"zoe","skills":["lamps"]})", "skills: wants an object"},
             {R"({"login":"zoe","languages":{"es":11}})", "languages: es wants a level"},
             {R"({"login":"zoe","languages":{"es":0}})", "languages: es wants a level"},
             {R"({"login":"zoe","languages":{"Spanish":3}})", "languages: \"Spanish\" is not"},
             {R"({"login":"zoe","capacity":0})", "capacity: wants"},
             {R"({"login":"zoe","capacity":"10"})", "capacity: wants"},
             {R"({"login":"zoe","quues":[]})", "quues: unknown field"},
         }) {
        const auto answer = add(body);
        EXPECT_EQ(answer.status(), 400U) << body;
        EXPECT_TRUE(detail(answer).starts_with(says)) << body << ": " << detail(answer);
    }
    EXPECT_EQ(add(R"({"login":"zoe","password":")" + std::string(1'025, 'x') + "\"}").status(), 400U);
    EXPECT_EQ(add(R"({"login":"ben"})").status(), 409U);
    EXPECT_EQ(run_.site().people()->all().size(), before);
}

TEST_F(accounts, a_login_is_taken_once_whoever_comes_first) {
    runtime::roster_change wanted;
    wanted.people = {runtime::agent_named("zoe")};
    ASSERT_TRUE(run_.answer_to(wanted));
    // What the API looked at may be old by the time the writer has it.
    const auto again = run_.answer_to(wanted);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, errc::conflict);
}

TEST_F(accounts, a_new_password_ends_sessions_and_desks) {
    ASSERT_EQ(set_password(admin, "1", R"({"password":"the first password"})").status(), 200U);
    const auto session = log_in("ann", "the first password");
    const auto other = log_in("ann", "the first password");
    ASSERT_TRUE(identify(session));
    const auto desk = run_.open_desk(runtime::site_run::ann);
    const auto answer = set_password(ann, "me", R"({"password":"the second one","current":"the first password"})");
    ASSERT_EQ(answer.status(), 200U) << answer.body();
    EXPECT_FALSE(identify(session));
    EXPECT_FALSE(identify(other));
    EXPECT_TRUE(desk->closed());
    EXPECT_EQ(log_in("ann", "the first password"), "");
    EXPECT_NE(log_in("ann", "the second one"), "");
}

TEST_F(accounts, a_log_in_that_is_under_way_does_not_outlive_the_old_password) {
    std::string password = "the first password";
    ASSERT_EQ(set_password(admin, "1", R"({"password":")" + password + "\"}").status(), 200U);
    for (int i = 0; i < 8; ++i) {
        auto under_way = begin_log_in("ann", password);
        password = "password number " + std::to_string(i);
        ASSERT_EQ(set_password(admin, "1", R"({"password":")" + password + "\"}").status(), 200U);
        const auto session = token_in(std::move(under_way));
        EXPECT_TRUE(session.empty() || !identify(session)) << "whoever was first";
    }
}

TEST_F(accounts, passwords_are_changed_by_their_owner_and_by_admins) {
    const caller ben = caller_with("supervisor", runtime::site_run::ben, "ben");
    const caller token = caller_with("agent", {}, "program");
    ASSERT_EQ(set_password(admin, "1", R"({"password":"the first password"})").status(), 200U);
    struct row {
        const caller& who;
        const char* id;
        const char* body;
        unsigned status;
    };
    for (const auto& [who, id, body, status] : std::initializer_list<row>{
             {ben, "1", R"({"password":"the second one"})", 403},
             {ben, "99", R"({"password":"the second one"})", 403},
             {token, "me", R"({"password":"the second one"})", 403},
             {admin, "me", R"({"password":"the second one"})", 404},
             {admin, "99", R"({"password":"the second one"})", 404},
             {admin, "ann", R"({"password":"the second one"})", 404},
             {admin, "1", R"({"password":"short"})", 400},
             {admin, "1", R"({})", 400},
             {admin, "1", R"({"password":"the second one","current":"the first password"})", 400},
             {ann, "1", R"({"password":"the second one"})", 400},
             {ann, "me", R"({"password":"the second one","current":"a guess"})", 403},
         }) {
        const auto answer = set_password(who, id, body);
        EXPECT_EQ(answer.status(), status) << id << ' ' << body << ": " << answer.body();
    }
    EXPECT_NE(log_in("ann", "the first password"), "") << "nothing has changed";
}

TEST_F(accounts, ten_guesses_of_the_present_password_are_enough) {
    ASSERT_EQ(set_password(admin, "1", R"({"password":"the first password"})").status(), 200U);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(set_password(ann, "me", R"({"password":"the second one","current":"a guess"})").status(), 403U);
    EXPECT_EQ(set_password(ann, "me", R"({"password":"the second one","current":"the first password"})").status(),
              429U);
}

TEST_F(accounts, no_other_change_brings_an_old_password_back) {
    auto as_read_before = person("ann");
    ASSERT_EQ(set_password(admin, "1", R"({"password":"the first password"})").status(), 200U);
    as_read_before.name = "Ann the First";
    runtime::roster_change wanted;
    wanted.people = {as_read_before};
    ASSERT_TRUE(run_.answer_to(wanted));
    EXPECT_EQ(person("ann").name, "Ann the First");
    EXPECT_NE(log_in("ann", "the first password"), "");
    ASSERT_EQ(set_password(admin, "1", R"({"password":"the second one"})").status(), 200U);
    EXPECT_EQ(person("ann").name, "Ann the First") << "and the password's change brings no old name back";
    wanted.people[0].id = agent_id{99};
    EXPECT_EQ(run_.answer_to(wanted).error().code, errc::not_found);
}

TEST_F(accounts, the_list_shows_everything_but_the_password) {
    ASSERT_EQ(set_password(admin, "1", R"({"password":"the first password"})").status(), 200U);
    const auto answer = ask(&account_endpoints::list, {}, admin);
    const auto shown = json::document::parse(answer.body()).value();
    ASSERT_EQ(shown["people"].size(), 2U);
    EXPECT_EQ(shown["people"].at(0)["login"].text(), "ann");
    EXPECT_EQ(shown["people"].at(0)["has_password"].boolean(), true);
    EXPECT_EQ(shown["people"].at(1)["has_password"].boolean(), false);
    EXPECT_EQ(answer.body().find("argon2"), std::string::npos);
}

}  // namespace
}  // namespace kindred::api
