#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <gtest/gtest.h>

namespace kindred::channel {
namespace {

options some(std::vector<option> given) { return options("test", std::move(given), "https://x.example"); }

TEST(Options, EveryProblemIsCollectedOnce) {
    auto given = some({{"app_secret", {"a", "b", "c"}, true, 3, 1},
                       {"wait", {"soon"}, false, 4, 1},
                       {"api_base", {"ftp://x"}, false, 5, 1},
                       {"typo", {"1"}, false, 6, 1}});
    given.secrets("app_secret");
    given.span("wait", duration{1});
    given.address("api_base", "https://api.example.com");
    given.required("token");
    given.required("token");
    EXPECT_EQ(given.problems().size(), 4U);
    ASSERT_EQ(given.unused().size(), 1U);
    EXPECT_EQ(given.unused()[0].name, "typo");
}

TEST(Options, FallbacksHoldWhereNothingIsGiven) {
    auto given = some({{"api_base", {"http://127.0.0.1:1/"}, false, 1, 1}});
    EXPECT_EQ(given.address("api_base", "https://api.example.com"), "http://127.0.0.1:1");
    EXPECT_EQ(given.text("language", "en"), "en");
    EXPECT_TRUE(given.secrets("app_secret").empty());
    EXPECT_TRUE(given.yes_no("active", true));
    EXPECT_TRUE(given.problems().empty());
}

TEST(Request, ADoubledOrEmptyHeaderIsNoHeader) {
    const std::vector<header> headers{{"X-Sig", "a"}, {"x-sig", "b"}, {"Once", "c"}, {"Empty", ""}};
    request arrived;
    arrived.headers = &headers;
    EXPECT_FALSE(arrived.single_header("X-Sig"));
    EXPECT_FALSE(arrived.single_header("Empty"));
    EXPECT_FALSE(arrived.single_header("None"));
    EXPECT_EQ(arrived.single_header("ONCE"), "c");
}

class plain_connector final : public connector {
public:
    channel_kind kind() const override { return channel_kind::api; }
    reception receive(const request&, time_point) const override { return {}; }
    result<provider_call> deliver(const outgoing&) const override { return provider_call{}; }
};

TEST(Judge, ReadsStatusAndRetryAfter) {
    const plain_connector any;
    EXPECT_EQ(any.judge({202, {}, ""}).outcome, delivery::state::sent);
    EXPECT_EQ(any.judge({400, {}, ""}).outcome, delivery::state::failed);
    EXPECT_EQ(any.judge({0, {}, ""}).outcome, delivery::state::retry);
    const auto busy = any.judge({429, {{"Retry-After", "7"}}, ""});
    EXPECT_EQ(busy.outcome, delivery::state::retry);
    EXPECT_EQ(busy.retry_after, std::chrono::seconds{7});
    EXPECT_FALSE(any.judge({503, {{"Retry-After", "soon"}}, ""}).retry_after);
}

}  // namespace
}  // namespace kindred::channel
