#include "engine/api/tokens.hpp"

#include "engine/api/sign_in.hpp"
#include "engine/store/memory/memory.hpp"
#include "tests/api/support/callers.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace kindred::api {
namespace {

const time_point noon{std::chrono::hours{12}};

class token_book : public testing::Test {
protected:
    /// The register as the next start has it.
    std::unique_ptr<token_register> anew() {
        return std::make_unique<token_register>(
            *store_, [this] { return people_; }, std::vector<configured_token>{{"shop", {"secret-0123456789"}, "api"}});
    }
    void make_role(const std::string& name, runtime::permission_set may) {
        people_ = std::make_shared<const runtime::roster>(std::vector<runtime::person>{},
                                                          std::vector<runtime::role>{{name, may, false}});
    }
    std::unique_ptr<store::store> store_ = store::make_memory_store();
    std::shared_ptr<const runtime::roster> people_ = std::make_shared<const runtime::roster>();
    std::unique_ptr<token_register> tokens_ = anew();
};

TEST_F(token_book, what_is_given_out_proves_who_it_is_until_it_is_revoked) {
    const auto secret = tokens_->give_out("crm", "supervisor", noon).value();
    EXPECT_TRUE(secret.starts_with("kindred_"));
    EXPECT_EQ(secret.size(), 8U + 43U);
    for (int start = 0; start < 2; ++start) {
        const auto who = tokens_->find(secret).value();
        ASSERT_TRUE(who);
        EXPECT_EQ(who->name, "crm");
        EXPECT_EQ(who->role, "supervisor");
        EXPECT_EQ(who->may, runtime::built_in_role("supervisor")->may);
        EXPECT_EQ(who->agent, agent_id{});
        tokens_ = anew();
    }
    ASSERT_TRUE(tokens_->revoke("crm"));
    for (int start = 0; start < 2; ++start) {
        EXPECT_EQ(tokens_->find(secret).error().code, errc::unauthorized);
        tokens_ = anew();
    }
    EXPECT_EQ(tokens_->revoke("crm").error().code, errc::not_found) << "it is revoked already";
    EXPECT_NE(tokens_->give_out("crm", "api", noon).value(), secret) << "the name is free again";
    EXPECT_EQ(tokens_->list().value().size(), 2U);
}

TEST_F(token_book, the_store_knows_a_hash_alone) {
    const auto secret = tokens_->give_out("crm", "api", noon).value();
    const auto rows = store_->tokens().value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].hash, hash_of_secret(secret));
    EXPECT_EQ(rows[0].hash.size(), 64U);
    EXPECT_FALSE(tokens_->find(rows[0].hash).value()) << "a hash proves nobody";
}

TEST_F(token_book, names_are_names_and_each_is_in_force_once) {
    for (const auto* wrong : {"", "two words", "a/b", "ñ", "x\n"})
        EXPECT_EQ(tokens_->give_out(wrong, "api", noon).error().code, errc::invalid) << wrong;
    EXPECT_EQ(tokens_->give_out(std::string(65, 'x'), "api", noon).error().code, errc::invalid);
    ASSERT_TRUE(tokens_->give_out("a.b-c_D9", "api", noon));
    for (const auto* taken : {"a.b-c_D9", "shop"})
        EXPECT_EQ(tokens_->give_out(taken, "api", noon).error().code, errc::conflict) << taken;
    EXPECT_EQ(tokens_->revoke("shop").error().code, errc::not_found) << "the configuration has it, not the store";
    EXPECT_EQ(store_->tokens().value().size(), 1U);
}

TEST_F(token_book, so_many_and_no_more) {
    for (std::size_t i = 0; i < token_register::most; ++i)
        ASSERT_TRUE(tokens_->give_out("t" + std::to_string(i), "api", noon));
    EXPECT_EQ(tokens_->give_out("more", "api", noon).error().code, errc::conflict);
    ASSERT_TRUE(tokens_->revoke("t7"));
    EXPECT_TRUE(tokens_->give_out("more", "api", noon));
}

TEST_F(token_book, a_secret_of_the_configuration_stays_one_and_a_session_is_not_looked_for_here) {
    EXPECT_EQ(tokens_->find("secret-0123456789").value()->name, "shop");
    EXPECT_FALSE(tokens_->find("a-session").value());
    EXPECT_FALSE(tokens_->find("").value());
    EXPECT_EQ(tokens_->find("kindred_guess").error().code, errc::unauthorized);
}

TEST_F(token_book, a_role_of_ones_own_counts_for_what_it_permits_now) {
    using enum runtime::permission;
    EXPECT_EQ(tokens_->give_out("screen", "screens", noon).error().code, errc::invalid) << "there is no such role";
    make_role("screens", queues_read | reports_read);
    const auto secret = tokens_->give_out("screen", "screens", noon).value();
    EXPECT_EQ(tokens_->find(secret).value()->may, queues_read | reports_read);
    make_role("screens", queues_read);
    EXPECT_EQ(tokens_->find(secret).value()->may, runtime::permission_set(queues_read)) << "at once";
    make_role("others", queues_read);
    EXPECT_TRUE(tokens_->find(secret).value()->may.empty()) << "the name of nothing";
}

TEST_F(token_book, a_role_that_goes_is_given_to_nobody_and_does_not_go_while_a_token_has_it) {
    make_role("screens", runtime::permission::queues_read);
    ASSERT_TRUE(tokens_->close_role("screens"));
    EXPECT_EQ(tokens_->close_role("screens").error().code, errc::conflict) << "somebody else removes it already";
    EXPECT_EQ(tokens_->give_out("screen", "screens", noon).error().code, errc::conflict);
    tokens_->open_role("screens");
    ASSERT_TRUE(tokens_->give_out("screen", "screens", noon));
    EXPECT_EQ(tokens_->count_by_role().value().find("screens")->second, 1U);
    const auto refused = tokens_->close_role("screens");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "name: the token screen has the role screens: revoke it first");
    ASSERT_TRUE(tokens_->revoke("screen"));
    EXPECT_TRUE(tokens_->close_role("screens"));
}

class token_calls : public testing::Test {
protected:
    ~token_calls() override { sign_in_.stop(); }

    using handler = void (token_endpoints::*)(const std::shared_ptr<call>&);
    http::response ask(handler act, std::string_view body, const std::string& name = {},
                       const caller& who = caller_with("admin", {}, "operator")) {
        std::promise<http::response> promise;
        http::request request;
        request.body = body;
        auto made = std::make_shared<call>(
            request, http::responder([&](http::response answer) { promise.set_value(std::move(answer)); }));
        made->who = who;
        if (!name.empty()) made->parameters.emplace("name", name);
        (tokens_.*act)(made);
        return runtime::value_of(promise.get_future());
    }
    result<caller> identify(const std::string& token) {
        const auto with = "Bearer " + token;
        http::request request;
        request.method = "GET";
        request.headers.push_back({"Authorization", with});
        return sign_in_.identify(call(request, http::responder([](const http::response&) {})));
    }
    runtime::site_run run_;
    sign_in sign_in_{run_.site(), {}, {}};
    token_endpoints tokens_{run_.site(), sign_in_.tokens()};
};

TEST_F(token_calls, from_the_first_to_the_last) {
    const auto made = ask(&token_endpoints::give_out, R"({"name":"crm"})");
    ASSERT_EQ(made.status(), 201U);
    const auto secret = std::string(json::document::parse(made.body()).value()["secret"].text());
    const auto who = identify(secret);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->role, "api") << "the least, unless another role is asked for";
    const auto listed = ask(&token_endpoints::list, {});
    EXPECT_EQ(listed.body().find(secret), std::string::npos);
    EXPECT_EQ(json::document::parse(listed.body()).value()["tokens"].at(0)["name"].text(), "crm");
    EXPECT_EQ(ask(&token_endpoints::revoke, {}, "crm").status(), 200U);
    EXPECT_EQ(identify(secret).error().code, errc::unauthorized);
    EXPECT_EQ(
        json::document::parse(ask(&token_endpoints::list, {}).body()).value()["tokens"].at(0)["revoked"].boolean(),
        true);
}

TEST_F(token_calls, what_is_wrong_is_said) {
    EXPECT_EQ(ask(&token_endpoints::give_out, R"({"name":"crm","role":"boss"})").status(), 400U);
    EXPECT_EQ(ask(&token_endpoints::give_out, R"({"role":"api"})").status(), 400U);
    EXPECT_EQ(ask(&token_endpoints::give_out, R"({"name":"crm","rôle":"api"})").status(), 400U);
    EXPECT_EQ(ask(&token_endpoints::revoke, {}, "crm").status(), 404U);
    EXPECT_TRUE(run_.durable().tokens().value().empty());
}

TEST_F(token_calls, nobody_gives_a_token_more_than_they_may_do) {
    using enum runtime::permission;
    caller keeper = caller_with("supervisor", agent_id{1}, "ann");
    keeper.may = keeper.may | tokens_read | tokens_manage;
    EXPECT_EQ(ask(&token_endpoints::give_out, R"({"name":"a","role":"agent"})", {}, keeper).status(), 201U);
    for (const auto* more : {R"({"name":"b","role":"admin"})", R"({"name":"b"})"}) {
        const auto refused = ask(&token_endpoints::give_out, more, {}, keeper);
        EXPECT_EQ(refused.status(), 403U) << more;
        EXPECT_NE(refused.body().find("contacts.write"), std::string::npos) << refused.body();
    }
}

}  // namespace
}  // namespace kindred::api
