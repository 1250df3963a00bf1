#include "connectors/api/connector.hpp"
#include "connectors/bots/connector.hpp"
#include "connectors/discourse/connector.hpp"
#include "connectors/github/connector.hpp"
#include "connectors/instagram/connector.hpp"
#include "connectors/line/connector.hpp"
#include "connectors/mailgun/connector.hpp"
#include "connectors/messenger/connector.hpp"
#include "connectors/postmark/connector.hpp"
#include "connectors/sendgrid/connector.hpp"
#include "connectors/ses-sns/connector.hpp"
#include "connectors/slack/connector.hpp"
#include "connectors/standard-webhooks/connector.hpp"
#include "connectors/telegram/connector.hpp"
#include "connectors/twilio-sms/connector.hpp"
#include "connectors/twilio-voice/connector.hpp"
#include "connectors/twilio-whatsapp/connector.hpp"
#include "connectors/vonage/connector.hpp"
#include "connectors/webchat/connector.hpp"
#include "connectors/whatsapp/connector.hpp"
#include "connectors/x/connector.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

struct provider {
    std::string folder;
    channel::factory make;
};

const std::vector<provider> providers{
    {"discourse", connectors::discourse::make},
    {"mailgun", connectors::mailgun::make},
    {"twilio-voice", connectors::twilio_voice::make},
    {"whatsapp", connectors::whatsapp::make},
};

/// Providers that others recorded for us; how they are spoilt is in their own tests.
const std::vector<provider> recorded{
    {"github", connectors::github::make},
    {"instagram", connectors::instagram::make},
    {"line", connectors::line::make},
    {"messenger", connectors::messenger::make},
    {"postmark", connectors::postmark::make},
    {"sendgrid", connectors::sendgrid::make},
    {"ses-sns", connectors::ses_sns::make},
    {"slack", connectors::slack::make},
    {"standard-webhooks", connectors::standard_webhooks::make},
    {"telegram", connectors::telegram::make},
    {"twilio-sms", connectors::twilio_sms::make},
    {"twilio-whatsapp", connectors::twilio_whatsapp::make},
    {"vonage", connectors::vonage::make},
    {"x", connectors::x::make},
};

/// Every case of a folder, each as its own named failure.
void run_all(const provider& each, const std::string& root, int least) {
    const auto folder = root + "/" + each.folder;
    const auto text = read_file(folder + "/cases.json");
    const auto cases = json::document::parse(text);
    ASSERT_TRUE(cases) << folder << "/cases.json cannot be read";
    int ran = 0;
    (*cases)["cases"].for_each([&](json::value one_case) {
        if (!one_case["request"].exists()) return;  // answers, for reading
        ++ran;
        for (const auto& fault : differences(one_case, run_case(each.make, one_case, folder)))
            ADD_FAILURE() << each.folder << "/" << one_case["name"].text() << ": " << fault;
    });
    EXPECT_GE(ran, least) << folder;
}

/// Connectors of which nothing was recorded for us that is a request to them.
const provider api{"api", connectors::api::make};
const std::vector<provider> ours_alone{{"bots", connectors::bots::make}, {"webchat", connectors::webchat::make}};

TEST(Samples, RecordedRequestsGiveTheRecordsAndAnswersThatAreAskedFor) {
    const std::string root = KINDRED_SOURCE_DIR "/../shared/samples";
    if (!file_exists(root)) GTEST_SKIP() << "no recorded requests at " << root;
    for (const auto& each : providers) run_all(each, root, 1);
    for (const auto& each : recorded) run_all(each, root, 1);
}

TEST(Samples, OurOwnFixturesGiveTheRecordsAndAnswersThatAreAskedFor) {
    const std::string root = KINDRED_SOURCE_DIR "/tests/connectors/fixtures";
    for (const auto& each : providers) run_all(each, root, 8);
    for (const auto& each : recorded) run_all(each, root, 8);
    for (const auto& each : ours_alone) run_all(each, root, 10);
    run_all(api, root, 4);
}

}  // namespace
}  // namespace kindred::testing
