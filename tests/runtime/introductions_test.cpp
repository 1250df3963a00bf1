// What becomes of what a provider says about somebody who has written.
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

class Introductions : public ::testing::Test {
protected:
    result<std::string> introduce(customer_id whose, channel::introduction as) {
        customer_change wanted;
        wanted.customer = whose;
        wanted.what = profile::introduce{std::move(as), {}};
        wanted.source = "channel:chat";
        return run_.answer_to(std::move(wanted));
    }
    customer profile_of(customer_id id) {
        const auto stored = run_.durable().customer(id).value();
        return customer_from_json(stored.id, stored.version, stored.json).value();
    }
    static identity email(const std::string& address) { return {"email:" + address, proof::proven}; }

    site_run run_;
};

TEST_F(Introductions, OnlyWhoHasNoNameIsToBeAskedAbout) {
    auto named = message_of("v1", "m1");
    named.display_name = "Ann";
    EXPECT_FALSE(run_.contact(named).nameless);
    const auto nameless = run_.contact(message_of("v2", "m2"));
    EXPECT_EQ(nameless.nameless, run_.durable().customer_with("webchat:v2").value().id);
    EXPECT_EQ(run_.contact(message_of("v2", "m3")).nameless, nameless.nameless) << "a further contact";
    ASSERT_TRUE(introduce(nameless.nameless, {"Ben Bold", "", {}}));
    EXPECT_FALSE(run_.contact(message_of("v2", "m4")).nameless);
}

TEST_F(Introductions, TheNameIsFilledInOnTheCustomerAndOnTheOpenTicket) {
    const auto became = run_.contact(message_of("v1", "m1"));
    const auto before = profile_of(became.nameless);
    ASSERT_TRUE(introduce(became.nameless, {"Ann Able", "es", {}}));
    const auto after = profile_of(became.nameless);
    EXPECT_EQ(after.name, "Ann Able");
    EXPECT_EQ(after.language, "es");
    EXPECT_EQ(after.version, before.version + 1);
    EXPECT_EQ(after.known, before.known) << "a name does not make an old customer";
    EXPECT_NE(run_.durable().ticket(became.ticket).value().state.find("Ann Able"), std::string::npos);
}

TEST_F(Introductions, NothingThatSomebodyHasSaidIsLost) {
    const auto became = run_.contact(message_of("v1", "m1"));
    customer_change by_agent;
    by_agent.customer = became.nameless;
    by_agent.what = profile::set{.name = "Dr Able", .language = "en"};
    by_agent.source = "agent:ann";
    ASSERT_TRUE(run_.answer_to(std::move(by_agent)));
    const auto before = profile_of(became.nameless);
    ASSERT_TRUE(introduce(became.nameless, {"annie_99", "es", {}}));
    EXPECT_EQ(profile_of(became.nameless).name, "Dr Able");
    EXPECT_EQ(profile_of(became.nameless).version, before.version) << "nothing has changed";
}

TEST_F(Introductions, AnAddressThatIsNobodysIsTheCustomersFromNowOn) {
    const auto became = run_.contact(message_of("v1", "m1"));
    ASSERT_TRUE(introduce(became.nameless, {"Ann", "", {email("ann@example.com")}}));
    auto mail = message_of("v9", "m9");
    mail.identities = {email("ann@example.com")};
    const auto later = run_.contact(mail);
    EXPECT_EQ(run_.durable().ticket(later.ticket).value().customer, became.nameless);
}

TEST_F(Introductions, AnAddressThatIsSomebodysStaysWithThem) {
    auto mail = message_of("v9", "m9");
    mail.identities = {email("ann@example.com")};
    const auto first = run_.contact(mail);
    const auto became = run_.contact(message_of("v1", "m1"));
    ASSERT_NE(first.nameless, became.nameless);
    ASSERT_TRUE(introduce(became.nameless, {"Ann", "", {email("ann@example.com")}}));
    EXPECT_EQ(run_.durable().customer_with("email:ann@example.com").value().id, first.nameless);
    EXPECT_EQ(profile_of(became.nameless).identities.size(), 1U);
    EXPECT_EQ(profile_of(became.nameless).name, "Ann");
}

TEST_F(Introductions, NobodyIsMadeOfWhatIsSaidOfSomebodyUnknown) {
    EXPECT_FALSE(introduce(customer_id{77}, {"Nobody", "", {}}));
}

}  // namespace
}  // namespace kindred::runtime
