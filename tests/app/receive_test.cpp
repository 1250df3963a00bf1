#include "engine/app/receive.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

const std::string secret = "captured app secret";

const std::string message =
    R"({"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{)"
    R"("messaging_product":"whatsapp","metadata":{"display_phone_number":"525550001111","phone_number_id":"900"},)"
    R"("messages":[{"from":"525512345678","id":"wamid.1","timestamp":"1790000000","type":"text","text":{"body":"hi"}}]}}]}]})";

std::string captured(const std::string& signed_body, const std::string& sent_body) {
    return "POST /webhooks/wa HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/json\r\n"
           "X-Hub-Signature-256: sha256=" +
           to_hex(hmac_of(hash_kind::sha256, secret, {signed_body})) + "\r\n\r\n" + sent_body;
}

class receive : public testing::Test {
protected:
    void SetUp() override {
        fs::create_directories(folder_);
        std::ofstream(config_) << "channels:\n  wa: { connector: whatsapp, app_secret: " << secret
                               << ", verify_token: tok }\n";
    }
    void TearDown() override { fs::remove_all(folder_); }

    int run(const std::string& channel, const std::string& request, const std::string& now = "1790000001") {
        std::istringstream in(request);
        out_.str("");
        err_.str("");
        return run_receive({channel, config_, now, {}}, in, out_, err_);
    }
    json::document printed() const {
        return json::document::parse(out_.str().substr(0, out_.str().size() - 1)).value();
    }

    const fs::path folder_ = fs::path(testing::TempDir()) / "kindred-receive";
    const std::string config_ = (folder_ / "kindred.yaml").string();
    std::ostringstream out_;
    std::ostringstream err_;
};

TEST_F(receive, PrintsWhatTheConnectorMadeOfIt) {
    ASSERT_EQ(run("wa", captured(message, message)), 0) << err_.str();
    const auto answer = printed();
    EXPECT_EQ(answer["status"].integer(), 200);
    EXPECT_TRUE(answer["refused"].is_null());
    ASSERT_EQ(answer["records"].size(), 1U);
    const auto record = answer["records"].at(0);
    EXPECT_EQ(record["kind"].text(), "message");
    EXPECT_EQ(record["from"].text(), "525512345678");
    EXPECT_EQ(record["text"].text(), "hi");
    EXPECT_EQ(record["provider_message_id"].text(), "wamid.1");
}

TEST_F(receive, ACapturedRequestMayHaveBareLineEnds) {
    auto request = captured(message, message);
    for (auto at = request.find('\r'); at != std::string::npos; at = request.find('\r')) request.erase(at, 1);
    EXPECT_EQ(run("wa", request), 0) << err_.str();
}

TEST_F(receive, AWrongSignatureIsRefusedAndNothingIsMadeOfIt) {
    EXPECT_EQ(run("wa", captured(message, message + " ")), 1);
    const auto answer = printed();
    EXPECT_EQ(answer["status"].integer(), 403);
    EXPECT_EQ(answer["refused"].text(), "wrong_signature");
    EXPECT_EQ(answer["records"].size(), 0U);
}

TEST_F(receive, WhatIsLargerThanItsChannelTakesIsRefusedAsAtTheDoor) {
    const std::string large(3U * 1024 * 1024 + 1, ' ');
    EXPECT_EQ(run("wa", captured(large, large)), 1);
    EXPECT_EQ(printed()["status"].integer(), 413);
    EXPECT_EQ(printed()["refused"].text(), "too_large");
}

TEST_F(receive, AMailOfAWatchedFolderIsAMail) {
    std::ofstream(config_) << "channels:\n  box: { connector: imap, imap_url: imaps://localhost:993, imap_user: u, "
                              "imap_password: a-long-password, address: help@shop.example, "
                              "reply_secret: 0123456789abcdef-reply, smtp_url: smtp://127.0.0.1:25 }\n";
    ASSERT_EQ(run("box", "From: Ann <ann@x.example>\nTo: help@shop.example\nSubject: Lamp\n\nIt is dark.\n"), 0)
        << err_.str() << out_.str();
    EXPECT_EQ(printed()["status"].integer(), 250);
    EXPECT_EQ(printed()["records"].at(0)["text"].text(), "It is dark.");
}

TEST_F(receive, WithoutATimeARequestIsJudgedAsOfWhenItWasSigned) {
    std::ofstream(config_) << "channels:\n  chat: { connector: slack, signing_secret: " << secret << " }\n";
    const std::string body = R"({"type":"url_verification","challenge":"c"})";
    const auto signature = to_hex(hmac_of(hash_kind::sha256, secret, {"v0:1767225600:", body}));
    const auto request =
        "POST /webhooks/chat HTTP/1.1\r\nContent-Type: application/json\r\nX-Slack-Request-Timestamp: 1767225600\r\n"
        "X-Slack-Signature: v0=" +
        signature + "\r\n\r\n" + body;
    EXPECT_EQ(run("chat", request, ""), 0) << out_.str();
    EXPECT_NE(err_.str().find("note: judged as of 2026-01-01T00:00:00.000Z"), std::string::npos) << err_.str();
    EXPECT_EQ(run("chat", request, "1767226000"), 1);
    EXPECT_EQ(printed()["refused"].text(), "stale");
}

TEST_F(receive, WrongUseIsSaid) {
    EXPECT_EQ(run("wb", captured(message, message)), 2);
    EXPECT_EQ(err_.str(), config_ + ": error: there is no channel \"wb\"\n");
    EXPECT_EQ(run("wa", "hello"), 2);
    EXPECT_EQ(err_.str(), "standard input: wants a raw HTTP request\n");
    EXPECT_EQ(run("wa", captured(message, message), "noon"), 2);
    EXPECT_NE(err_.str().find("--now"), std::string::npos);
    EXPECT_EQ(out_.str(), "");
}

TEST_F(receive, AConfigurationWithProblemsCannotRun) {
    std::ofstream(config_) << "chanels: {}\n";
    EXPECT_EQ(run("wa", captured(message, message)), 3);
    EXPECT_NE(err_.str().find("kindred.yaml:1:1: error: unknown key \"chanels\", did you mean \"channels\"?"),
              std::string::npos)
        << err_.str();
}

}  // namespace
}  // namespace kindred::app
