#include "engine/app/config.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class policy_of_a_channel : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(folder_ / "rules"); }
    void TearDown() override { fs::remove_all(folder_); }
    read_config_result read(const std::string& channels, const std::string& more = {}) const {
        const auto file = folder_ / "kindred.yaml";
        std::ofstream(file) << "store: { sqlite: a.db }\nrules: rules\nchannels:\n" << channels << more;
        return read_config(file, config_use::serve);
    }
    static std::string all(const read_config_result& answer) {
        std::string text;
        for (const auto& each : answer.problems) text += settings::to_text(each) + '\n';
        return text;
    }
    const fs::path folder_ = fs::path(testing::TempDir()) / "kindred-policy";
};

TEST_F(policy_of_a_channel, HasDefaultsByKind) {
    const auto answer = read("  wa: { connector: whatsapp }\n  mail: { connector: mailgun, address: a@b.example }\n");
    ASSERT_TRUE(answer.read) << all(answer);
    const auto& texts = answer.read->channels.at(0).policy;
    EXPECT_EQ(texts.stop_words, runtime::usual_stop_words());
    EXPECT_EQ(texts.when_too_long, runtime::long_text::split);
    EXPECT_FALSE(texts.send_rate);
    const auto& mail = answer.read->channels.at(1).policy;
    EXPECT_TRUE(mail.stop_words.empty());
    EXPECT_EQ(mail.when_too_long, runtime::long_text::refuse);
}

TEST_F(policy_of_a_channel, IsReadWhole) {
    const auto answer = read(
        "  wa:\n"
        "    connector: whatsapp\n"
        "    send_rate: 80/1s\n"
        "    long_text: refuse\n"
        "    text_limit: 1000\n"
        "    stop_words: [Basta, STOP]\n"
        "    start_words: []\n"
        "    flood_limit: 30/1m\n"
        "    blocked: ['*@spam.example']\n"
        "    templates:\n"
        "      - { name: order, language: es, parameters: 2 }\n"
        "      - { name: hello }\n"
        "    most_file_bytes: 1000000\n"
        "    file_types: [image/*]\n");
    ASSERT_TRUE(answer.read) << all(answer);
    const auto& policy = answer.read->channels.at(0).policy;
    EXPECT_EQ(policy.send_rate, (rate{80, 1s}));
    EXPECT_EQ(policy.when_too_long, runtime::long_text::refuse);
    EXPECT_EQ(policy.longest_text->most, 1000U);
    EXPECT_EQ(policy.stop_words, (std::vector<std::string>{"basta", "stop"}));
    EXPECT_TRUE(policy.start_words.empty());
    EXPECT_EQ(policy.flood_limit, (rate{30, 1min}));
    EXPECT_EQ(policy.templates.size(), 2U);
    EXPECT_EQ(policy.templates[0].parameters, 2U);
    EXPECT_EQ(policy.most_file_bytes, 1'000'000);
    EXPECT_EQ(policy.file_types, std::vector<std::string>{"image/*"});
}

TEST_F(policy_of_a_channel, SaysWhatIsWrong) {
    const auto answer = read(
        "  wa:\n"
        "    connector: whatsapp\n"
        "    send_rate: fast\n"
        "    long_text: cut\n"
        "    text_limit: 0\n"
        "    templates: [{ language: es }]\n"
        "  tg:\n"
        "    connector: telegram\n"
        "    templates: [{ name: hello }]\n");
    const auto said = all(answer);
    for (const auto* wanted : {"send_rate", "80/1s", "long_text", "text_limit", "name", "sends no templates"})
        EXPECT_NE(said.find(wanted), std::string::npos) << wanted << " in\n" << said;
}

TEST_F(policy_of_a_channel, EventsAndAttachmentsOfTheWholeSite) {
    const auto good = read("  a: { connector: api }\n",
                           "attachments: { keep_for: 365d, trusted_hosts: [media.local] }\n"
                           "events:\n"
                           "  - name: crm\n"
                           "    url: https://crm.example/events\n"
                           "    secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"
                           "    types: [ticket.*]\n");
    ASSERT_TRUE(good.read) << all(good);
    EXPECT_EQ(good.read->files.keep_for, std::chrono::days{365});
    ASSERT_EQ(good.read->events.size(), 1U);
    EXPECT_EQ(good.read->events[0].secrets, std::vector<std::string>{"0123456789abcdef0123456789abcdef"});
    EXPECT_TRUE(good.read->events[0].wants("ticket.reply"));
    const auto wrong = all(read("  a: { connector: api }\n",
                                "events:\n"
                                "  - { name: A b, url: ftp://x, secret: plain }\n"
                                "  - { name: crm, url: https://x }\n"));
    for (const auto* wanted : {"a-z, 0-9", "wants an address", "whsec_", "secret"})
        EXPECT_NE(wrong.find(wanted), std::string::npos) << wanted << " in\n" << wrong;
}

}  // namespace
}  // namespace kindred::app
