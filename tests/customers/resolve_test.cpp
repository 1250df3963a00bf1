#include "engine/customers/resolve.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::customers {
namespace {

constexpr customer_id nobody{};
constexpr customer_id ann{7};
constexpr customer_id bob{8};

identity proven(const char* text) { return {text, proof::proven}; }
identity claimed(const char* text) { return {text, proof::claimed}; }

struct row {
    const char* what;
    std::vector<identity> given;
    std::vector<customer_id> on_record;
    customer_id expected;
    std::vector<identity> added;
};

TEST(Resolve, Table) {
    const row rows[] = {
        {"a call without a number", {}, {}, nobody, {}},
        {"a number never seen", {proven("phone:+1")}, {nobody}, nobody, {proven("phone:+1")}},
        {"a known number", {proven("phone:+1")}, {ann}, ann, {}},
        {"mail finds its customer although only claimed", {claimed("email:a@x")}, {ann}, ann, {}},
        {"a second proven identity is recorded",
         {proven("webchat:v"), proven("external:9")},
         {ann, nobody},
         ann,
         {proven("external:9")}},
        {"a second proven identity finds",
         {proven("webchat:v"), proven("external:9")},
         {nobody, ann},
         ann,
         {proven("webchat:v")}},
        {"a typed-in address finds nobody",
         {proven("webchat:v"), claimed("email:a@x")},
         {nobody, ann},
         nobody,
         {proven("webchat:v")}},
        {"a typed-in address is not recorded", {proven("webchat:v"), claimed("email:a@x")}, {bob, nobody}, bob, {}},
        {"two customers are not joined", {proven("phone:+1"), proven("external:9")}, {ann, bob}, ann, {}},
    };
    for (const auto& each : rows) {
        const auto answer = resolve(each.given, each.on_record);
        EXPECT_EQ(answer.customer, each.expected) << each.what;
        EXPECT_EQ(answer.to_add, each.added) << each.what;
    }
}

RC_GTEST_PROP(Resolve, NeverTakesAnIdentityFromAnotherCustomer, (const std::vector<std::pair<bool, unsigned>>& made)) {
    std::vector<identity> given;
    std::vector<customer_id> on_record;
    for (const auto& [is_proven, owner] : made) {
        given.push_back({"x:" + std::to_string(given.size()), is_proven ? proof::proven : proof::claimed});
        on_record.push_back(customer_id{owner % 4});
    }
    const auto answer = resolve(given, on_record);
    for (const auto& added : answer.to_add)
        for (std::size_t i = 0; i < given.size(); ++i)
            if (given[i] == added) RC_ASSERT(!on_record[i]);
}

}  // namespace
}  // namespace kindred::customers
