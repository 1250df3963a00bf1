// Contacts wait for the CRM, but never for long.
#include "engine/runtime/arrivals/crm_lookup.hpp"

#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

http::client_response said(unsigned status, std::string body) { return {status, {}, std::move(body)}; }

TEST(stated_in, ReadsAttributesAndNothingElse) {
    EXPECT_EQ(stated_in(said(200, R"({"attributes":{"orders":3},"more":1})")).value(), R"({"orders":3})");
    EXPECT_EQ(stated_in(said(404, "nobody")).value(), "");
    for (const auto& wrong :
         {said(500, "{}"), said(200, "[]"), said(200, "{"), said(200, R"({"attributes":[]})"), said(302, "")})
        EXPECT_FALSE(stated_in(wrong)) << wrong.body;
}

class asked_crm : public testing::Test {
protected:
    delivery from(const std::string& sender, const std::string& text) {
        delivery made;
        made.records.push_back(message_of("v", text, text));
        made.records.back().identities.push_back({sender, proof::proven});
        return made;
    }
    void begin(crm_lookup_settings settings) {
        http::client_settings calls;
        calls.trusted_hosts = {"127.0.0.1"};
        lookup_ = std::make_unique<crm_lookup>(
            settings, calls,
            [this](delivery passed) {
                const std::lock_guard hold(mutex_);
                passed_.push_back(*passed.records.front().text + ":" + passed.stated.front());
                return has_room_;
            },
            [this](const std::string& outcome) {
                const std::lock_guard hold(mutex_);
                seen_.push_back(outcome);
            });
    }
    std::vector<std::string> passed() {
        const std::lock_guard hold(mutex_);
        return passed_;
    }
    std::size_t count(const std::string& outcome) {
        const std::lock_guard hold(mutex_);
        return static_cast<std::size_t>(std::count(seen_.begin(), seen_.end(), outcome));
    }

    std::mutex mutex_;
    std::vector<std::string> passed_;
    std::vector<std::string> seen_;
    bool has_room_ = true;
    std::unique_ptr<crm_lookup> lookup_;
};

/// Nobody listens there.
crm_lookup_settings dead_crm() {
    crm_lookup_settings made;
    made.url = "http://127.0.0.1:1/?identity={identity}";
    made.failures = 3;
    return made;
}

TEST_F(asked_crm, ACrmThatIsDownStopsNobodyAndIsLeftAlone) {
    begin(dead_crm());
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(lookup_->take(from("external:" + std::to_string(i), std::to_string(i))));
        ASSERT_TRUE(eventually([&] { return passed().size() == static_cast<std::size_t>(i) + 1; }));
    }
    EXPECT_EQ(count("failed"), 3U);
    ASSERT_TRUE(lookup_->take(from("external:9", "9")));
    EXPECT_EQ(passed(), (std::vector<std::string>{"0:", "1:", "2:", "9:"})) << "passed on at once";
    EXPECT_EQ(count("left_alone"), 1U);
}

TEST_F(asked_crm, WhomNoCrmCanKnowIsNotAskedAbout) {
    begin(dead_crm());
    ASSERT_TRUE(lookup_->take(from("telegram:5", "hello")));
    EXPECT_EQ(passed(), (std::vector<std::string>{"hello:"}));
    EXPECT_TRUE(seen_.empty());
    has_room_ = false;
    EXPECT_FALSE(lookup_->take(from("telegram:5", "hello"))) << "whoever brings it is told";
}

TEST_F(asked_crm, WhatWaitsIsPassedOnInItsOrderWhenItEnds) {
    auto never = dead_crm();
    never.url = "http://127.0.0.1:1/{identity}";
    never.within = std::chrono::seconds{5};
    begin(never);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(lookup_->take(from("external:same", std::to_string(i))));
    lookup_->stop();
    const auto all = passed();
    ASSERT_EQ(all.size(), 20U);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], std::to_string(i) + ":");
}

}  // namespace
}  // namespace kindred::runtime
