#include "connectors/email/connector.hpp"
#include "connectors/imap/connector.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

void run_mails(const std::string& folder, int least) {
    const auto text = read_file(folder + "/cases.json");
    const auto cases = json::document::parse(text);
    ASSERT_TRUE(cases) << folder << ": " << (cases ? "" : cases.error().message);
    int ran = 0;
    (*cases)["cases"].for_each([&](json::value one_case) {
        ++ran;
        const auto received = run_case(connectors::email::make, one_case, folder);
        EXPECT_EQ(received.reply.status, 250U) << one_case["name"].text() << ": " << received.reply.body;
        for (const auto& fault : differences(one_case, received))
            ADD_FAILURE() << one_case["name"].text() << ": " << fault;
    });
    EXPECT_GE(ran, least);
}

TEST(EmailSamples, RecordedMailsGiveTheRecordsThatAreAskedFor) {
    const std::string folder = KINDRED_SOURCE_DIR "/../shared/samples/email";
    if (!file_exists(folder)) GTEST_SKIP() << "no recorded mails at " << folder;
    run_mails(folder, 31);
}

TEST(EmailSamples, OurOwnMailsGiveTheSameRecordsFromAListenerAndFromAFolder) {
    const std::string folder = KINDRED_SOURCE_DIR "/tests/connectors/fixtures/email";
    run_mails(folder, 9);
    const auto text = read_file(folder + "/cases.json");
    const auto cases = json::document::parse(text);
    ASSERT_TRUE(cases);
    std::vector<std::pair<std::string, std::string>> settings;
    (*cases)["imap"].for_each_member(
        [&](std::string_view name, json::value value) { settings.emplace_back(name, value.text()); });
    const auto works = connector_with(connectors::imap::make, settings, "https://desk.example.net");
    ASSERT_NE(works, nullptr);
    (*cases)["cases"].for_each([&](json::value one_case) {
        recorded_request mail;
        mail.body = read_file(folder + "/" + std::string(one_case["file"].text()));
        const auto received = works->receive(mail.view(), from_millis(1'800'000'000'000));
        for (const auto& fault : differences(one_case, received))
            ADD_FAILURE() << one_case["name"].text() << ": " << fault;
    });
}

}  // namespace
}  // namespace kindred::testing
