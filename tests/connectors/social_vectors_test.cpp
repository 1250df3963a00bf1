#include "connectors/instagram/connector.hpp"
#include "connectors/line/connector.hpp"
#include "connectors/messenger/connector.hpp"
#include "connectors/slack/connector.hpp"
#include "connectors/telegram/connector.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

/// Published and computed signatures of the messaging providers, good and bad. What a vector signs need not be a body
/// that the provider would send: only the verdict on its signature counts.
namespace kindred::testing {
namespace {

const std::string root = KINDRED_SOURCE_DIR "/../shared/samples";

struct provider {
    std::string folder;
    channel::factory make;
    std::string secret_setting;
    int vectors;
};

class SocialVectors : public ::testing::TestWithParam<provider> {};

bool is_about_signature(const std::string& refused) {
    return refused == "missing_signature" || refused == "wrong_signature" || refused == "stale";
}

TEST_P(SocialVectors, AreJudgedAsTheProviderWould) {
    const auto path = root + "/" + GetParam().folder + "/signature.json";
    if (!file_exists(path)) GTEST_SKIP() << "no vectors at " << path;
    const auto parsed = json::document::parse(read_file(path));
    ASSERT_TRUE(parsed);
    int seen = 0;
    (*parsed)["vectors"].for_each([&](json::value vector) {
        ++seen;
        SCOPED_TRACE(std::string(vector["name"].text()));
        recorded_request request;
        request.body = vector["body"].text();
        std::int64_t now_s = vector["clock"].integer().value_or(0);
        vector["header"].for_each_member([&](std::string_view name, json::value value) {
            request.headers.emplace_back(name, value.text());
            if (name == "X-Slack-Request-Timestamp" && now_s == 0) now_s = std::stoll(std::string(value.text()));
        });
        const auto connector =
            connector_with(GetParam().make, {{GetParam().secret_setting, std::string(vector["secret"].text())}});
        const auto received = connector->receive(request.view(), from_millis(now_s * 1000));
        EXPECT_EQ(!is_about_signature(received.refused), vector["valid"].boolean()) << received.refused;
    });
    EXPECT_GE(seen, GetParam().vectors);
}

INSTANTIATE_TEST_SUITE_P(Providers, SocialVectors,
                         ::testing::Values(provider{"instagram", connectors::instagram::make, "app_secret", 4},
                                           provider{"line", connectors::line::make, "channel_secret", 3},
                                           provider{"messenger", connectors::messenger::make, "app_secret", 4},
                                           provider{"slack", connectors::slack::make, "signing_secret", 3},
                                           provider{"telegram", connectors::telegram::make, "secret_token", 4}),
                         [](const auto& each) { return each.param.folder; });

}  // namespace
}  // namespace kindred::testing
