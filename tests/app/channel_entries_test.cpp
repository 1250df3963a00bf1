#include "engine/app/config.hpp"
#include "engine/app/connectors.hpp"
#include "engine/app/receive.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

const fs::path root = KINDRED_SOURCE_DIR;

std::string read_whole(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> printed(const read_config_result& read) {
    std::vector<std::string> all;
    for (const auto& each : read.problems) all.push_back(settings::to_text(each));
    return all;
}

/// Every ```<language> block of a page.
std::vector<std::string> blocks_of(const std::string& page, const std::string& language) {
    std::vector<std::string> all;
    const auto open = "```" + language + "\n";
    for (auto at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
        at += open.size();
        all.push_back(page.substr(at, page.find("```", at) - at));
    }
    return all;
}

class entries : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(folder_); }
    void TearDown() override { fs::remove_all(folder_); }

    std::string write(const std::string& bytes) const {
        const auto file = folder_ / "kindred.yaml";
        std::ofstream(file, std::ios::binary) << bytes;
        return file.string();
    }
    /// The first record that `kindred receive` prints.
    static std::string record_of(const std::string& config, const std::string& channel, const std::string& request,
                                 const std::string& now) {
        std::istringstream in(request);
        std::ostringstream out;
        std::ostringstream err;
        EXPECT_EQ(run_receive({channel, config, now, {}}, in, out, err), 0) << out.str() << err.str();
        const auto answer = json::document::parse(trim(out.str()));
        return answer ? (*answer)["records"].at(0).to_text() : out.str();
    }

    const fs::path folder_ = fs::path(testing::TempDir()) / "kindred-entries";
};

TEST_F(entries, EveryConnectorHasAFuzzerWithACorpus) {
    for (auto name : connector_names()) {
        // Mail that comes whole is read by the parser that all of its connectors share.
        if (name == "email" || name == "imap") name = "mime";
        std::replace(name.begin(), name.end(), '-', '_');
        EXPECT_TRUE(fs::exists(root / "tests/connectors" / (name + "_fuzz.cpp"))) << name;
        const auto corpus = root / "tests/connectors/corpus" / (name + "_fuzz");
        EXPECT_TRUE(fs::is_directory(corpus) && !fs::is_empty(corpus)) << name;
    }
}

TEST_F(entries, EveryConnectorHasOneThatReadsWithoutProblems) {
    std::vector<std::string> missing = connector_names();
    for (const auto& each : fs::directory_iterator(root / "config/channels")) {
        if (each.path().extension() != ".yaml") continue;
        SCOPED_TRACE(each.path().filename().string());
        const auto read = read_config(each.path(), config_use::check);
        EXPECT_TRUE(read.problems.empty()) << testing::PrintToString(printed(read));
        ASSERT_TRUE(read.read);
        for (const auto& channel : read.read->channels) std::erase(missing, channel.connector);
    }
    EXPECT_TRUE(missing.empty()) << testing::PrintToString(missing);
}

TEST_F(entries, EveryConnectorHasItsPages) {
    const auto overview = read_whole(root / "docs/channels/README.md");
    for (const auto& name : connector_names()) {
        EXPECT_TRUE(fs::is_regular_file(root / "connectors" / name / "README.md")) << name;
        EXPECT_TRUE(fs::is_regular_file(root / "docs/channels" / (name + ".md"))) << name;
        EXPECT_NE(overview.find("(" + name + ".md)"), std::string::npos)
            << name << " is not in docs/channels/README.md";
    }
}

TEST_F(entries, AFileWithMoreThanChannelsMustBeWhole) {
    const std::string channels = "channels:\n  api: { connector: api }\n";
    EXPECT_TRUE(read_config(write(channels), config_use::check).read);
    EXPECT_FALSE(read_config(write("log: { level: info }\n" + channels), config_use::check).read);
}

TEST_F(entries, TheWorkedExampleOfDeclaredIsTrue) {
    const auto page = read_whole(root / "docs/channels/declared.md");
    const auto configs = blocks_of(page, "yaml");
    const auto requests = blocks_of(page, "http");
    const auto records = blocks_of(page, "json");
    ASSERT_EQ(configs.size(), 1U);
    ASSERT_EQ(requests.size(), 2U);
    ASSERT_EQ(records.size(), 1U);
    const auto config = write(configs[0]);
    auto arrives = requests[0];
    arrives.pop_back();  // the line end before the fence is the page's, not the request's
    EXPECT_EQ(record_of(config, "parcels", arrives, "1790000002"), trim(records[0]));

    const auto read = read_config(config, config_use::receive);
    channel::outgoing message;
    message.text = "We send a new one.";
    message.from = "u-7";
    message.idempotency_key = "k-1";
    message.details = R"({"order":"4711"})";
    const auto call = read.read->channels.at(0).works->deliver(message);
    ASSERT_TRUE(call) << call.error().message;
    std::string sent = call->method + " " + call->url + "\n";
    for (const auto& [name, value] : call->headers) sent += name + ": " + value + "\n";
    EXPECT_EQ(sent + "\n" + call->body + "\n", requests[1]);
}

TEST_F(entries, ProblemsInsideADescriptionHaveTheirPlace) {
    const auto read = read_config(write("channels:\n"
                                        "  parcels:\n"
                                        "    connector: declared\n"
                                        "    secret: x\n"
                                        "    proof:\n"
                                        "      scheme: hmac\n"
                                        "      header: S\n"
                                        "      hash: md5\n"
                                        "      signs: \"{timestamp}\"\n"
                                        "    ignore:\n"
                                        "      - { path: /a }\n"
                                        "    contact:\n"
                                        "      from: id\n"
                                        "      txt: /text\n"
                                        "      attachments: { each: /files }\n"),
                                  config_use::check);
    EXPECT_FALSE(read.read);
    using testing::ElementsAre;
    using testing::HasSubstr;
    EXPECT_THAT(printed(read),
                ElementsAre(HasSubstr("kindred.yaml:8:13: error: proof/hash: wants one of sha1, sha256, sha512"),
                            HasSubstr("kindred.yaml:9:14: error: proof/signs: "),
                            HasSubstr("kindred.yaml:9:14: error: proof/signs: "),
                            HasSubstr("kindred.yaml:11:9: error: ignore: wants one of is, not"),
                            HasSubstr("kindred.yaml:13:13: error: contact/from: wants a path such as /customer/id"),
                            HasSubstr("kindred.yaml:14:12: error: contact/txt: unknown key, did you mean \"text\"?"),
                            HasSubstr("kindred.yaml:15:20: error: contact/attachments/url: is missing")));
}

TEST_F(entries, WidgetsOfOthersCanBeDescribed) {
    const auto samples = root / "../shared/samples/webchat";
    if (!fs::is_directory(samples)) GTEST_SKIP() << "no recorded requests at " << samples;
    const auto request = [&](const std::string& target, const std::string& file) {
        return "POST " + target + " HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + read_whole(samples / file);
    };
    const auto papercups = json::document::parse(record_of(
        (root / "config/channels/declared.yaml").string(), "papercups",
        request("/webhooks/papercups?token=put-a-long-random-text-here", "papercups-message-created.json"), "1"));
    ASSERT_TRUE(papercups);
    EXPECT_EQ((*papercups)["kind"].text(), "message");
    EXPECT_EQ((*papercups)["text"].text(), "Hi from the widget");
    EXPECT_EQ((*papercups)["thread"].text(), "c0ffee00-0000-4000-8000-000000000001");

    const auto chatwoot = json::document::parse(
        record_of(write("channels:\n  widget:\n    connector: declared\n    secret: w\n"
                        "    proof: { scheme: query, parameter: website_token }\n"
                        "    contact: { from: /contact/email, name: /contact/name, text: /message/content, at: "
                        "/message/timestamp }\n"),
                  "widget", request("/webhooks/widget?website_token=w", "chatwoot-widget-create.json"), "1"));
    ASSERT_TRUE(chatwoot);
    EXPECT_EQ((*chatwoot)["display_name"].text(), "Ada");
    EXPECT_EQ((*chatwoot)["from"].text(), "ada@example.com");
    EXPECT_EQ((*chatwoot)["text"].text(), "Hi, my order is late");
}

}  // namespace
}  // namespace kindred::app
