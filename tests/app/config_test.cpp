#include "engine/app/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

class config_folder : public testing::Test {
protected:
    void SetUp() override {
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "rules");
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        fs::permissions(folder_ / name, fs::perms::owner_read | fs::perms::owner_write);
        return folder_ / name;
    }
    /// Problems as printed, with the folder left out.
    std::vector<std::string> problems_of(const read_config_result& answer) const {
        std::vector<std::string> printed;
        for (const auto& each : answer.problems) {
            auto line = settings::to_text(each);
            for (auto at = line.find(folder_.string()); at != std::string::npos; at = line.find(folder_.string()))
                line.erase(at, folder_.string().size() + 1);
            printed.push_back(std::move(line));
        }
        return printed;
    }
    read_config_result read_with_tokens(const std::string& tokens) const {
        return read_config(write("kindred.yaml", "store: { sqlite: a.db }\nrules: rules\ntokens:\n" + tokens),
                           config_use::serve);
    }

    const fs::path folder_ = fs::path(testing::TempDir()) / "kindred-config";
};

TEST_F(config_folder, AllFaultsAreSaidAtOnceEachWithItsPlace) {
    write("people.yaml",
          "people:\n"
          "  - { login: ann, password: x, capacity: 0 }\n"
          "  - { login: ann, password: y, role: chief }\n");
    const auto answer = read_config(write("broken.yaml",
                                          "server:\n"
                                          "  listen: 127.0.0.1:99999\n"
                                          "  lisen: 127.0.0.1:1\n"
                                          "  threads: 0\n"
                                          "store:\n"
                                          "  sqlit: kindred.db\n"
                                          "rules: nowhere\n"
                                          "people: people.yaml\n"
                                          "tokens:\n"
                                          "  - name: shop\n"
                                          "    token: short\n"
                                          "  - name: crm\n"
                                          "    token: { file: missing.secret }\n"
                                          "    role: boss\n"
                                          "log:\n"
                                          "  level: loud\n"
                                          "channels:\n"
                                          "  Wrong Name:\n"
                                          "    connector: api\n"
                                          "  wa:\n"
                                          "    connector: whatsap\n"
                                          "  forum:\n"
                                          "    connector: discourse\n"
                                          "    secret: { env: KINDRED_TEST_NOT_SET }\n"
                                          "    base_url: https://forum.example\n"
                                          "    sekret: x\n"
                                          "tokns: []\n"),
                                    config_use::serve);
    EXPECT_FALSE(answer.read);
    auto printed = problems_of(answer);
    const std::vector<std::string> wanted{
        "broken.yaml:2:11: error: listen: wants address:port such as 127.0.0.1:8080, not \"127.0.0.1:99999\"",
        "broken.yaml:3:3: error: unknown key \"lisen\", did you mean \"listen\"?",
        "broken.yaml:4:12: error: threads: must be between 1 and 256, not 0",
        "broken.yaml:6:3: error: sqlite: is missing",
        "broken.yaml:6:3: error: unknown key \"sqlit\", did you mean \"sqlite\"?",
        "broken.yaml:7:8: error: rules: there is no folder nowhere",
        "broken.yaml:10:5: error: tokens: token: wants at least 16 characters",
        "broken.yaml:13:12: error: token: cannot be read from missing.secret",
        "broken.yaml:14:11: error: role: \"boss\" is not one of api, agent, supervisor, admin, read-only",
        "broken.yaml:16:10: error: level: \"loud\" is not one of debug, info, warning, error",
        "broken.yaml:18:3: error: a channel's name is part of its address: a-z, 0-9, - and _, at most 64",
        "broken.yaml:21:16: error: connector: there is no connector \"whatsap\", did you mean \"whatsapp\"?",
        "broken.yaml:24:13: error: secret: the environment variable KINDRED_TEST_NOT_SET is not set",
        "broken.yaml:26:5: error: sekret: unknown setting, did you mean \"secret\"?",
        "broken.yaml:27:1: error: unknown key \"tokns\", did you mean \"tokens\"?",
        "people.yaml:2:42: error: capacity: must be between 1 and 1000, not 0",
        "people.yaml:3:5: error: people: the login ann is given twice",
        "people.yaml:3:38: error: role: \"chief\" is not one of agent, supervisor, admin, read-only",
    };
    for (const auto& each : wanted) EXPECT_EQ(std::count(printed.begin(), printed.end(), each), 1) << each;
    EXPECT_EQ(printed.size(), wanted.size()) << testing::PrintToString(printed);
}

TEST_F(config_folder, TheShippedOneReadsWithoutProblems) {
    const auto answer = read_config(fs::path(KINDRED_SOURCE_DIR) / "config/demo.yaml", config_use::serve);
    EXPECT_TRUE(answer.problems.empty()) << testing::PrintToString(problems_of(answer));
    ASSERT_TRUE(answer.read);
    std::vector<std::string> names;
    for (const auto& each : answer.read->channels) names.push_back(each.name);
    EXPECT_EQ(names,
              (std::vector<std::string>{"support-mail", "postbox", "webchat", "whatsapp", "helpline", "forum", "api"}));
    EXPECT_FALSE(answer.read->people.empty());
    EXPECT_TRUE(fs::is_directory(answer.read->rules));
}

TEST_F(config_folder, WhatIsNotThereOrNoYamlIsAProblemOfTheFile) {
    const auto missing = read_config(folder_ / "none.yaml", config_use::serve);
    EXPECT_FALSE(missing.read);
    EXPECT_EQ(problems_of(missing), std::vector<std::string>{"none.yaml: error: cannot be read"});
    const auto broken = read_config(write("open.yaml", "server: {\n"), config_use::serve);
    EXPECT_FALSE(broken.read);
    EXPECT_FALSE(broken.problems.empty());
    const auto empty = read_config(write("empty.yaml", ""), config_use::serve);
    EXPECT_FALSE(empty.read) << "nothing says where to store and how to route";
    EXPECT_TRUE(read_config(write("empty.yaml", ""), config_use::receive).read) << "receive needs neither";
}

TEST_F(config_folder, ASecretIsATextAFileAVariableOrTwoOfThem) {
    write("token.secret", "from-a-file-0123456789\r\n");
    ASSERT_EQ(setenv("KINDRED_TEST_SECRET", "from-a-variable-0123456789", 1), 0);
    const auto answer = read_with_tokens(
        "  - { name: text, token: as-it-is-0123456789 }\n"
        "  - { name: file, token: { file: token.secret } }\n"
        "  - { name: both, token: [{ env: KINDRED_TEST_SECRET }, { file: token.secret }], role: supervisor }\n");
    unsetenv("KINDRED_TEST_SECRET");
    ASSERT_TRUE(answer.read) << testing::PrintToString(problems_of(answer));
    const auto& tokens = answer.read->tokens;
    ASSERT_EQ(tokens.size(), 3U);
    EXPECT_EQ(tokens[0].secrets, std::vector<std::string>{"as-it-is-0123456789"});
    EXPECT_EQ(tokens[0].role, "api");
    EXPECT_EQ(tokens[1].secrets, std::vector<std::string>{"from-a-file-0123456789"});
    EXPECT_EQ(tokens[2].secrets, (std::vector<std::string>{"from-a-variable-0123456789", "from-a-file-0123456789"}));
    EXPECT_EQ(tokens[2].role, "supervisor");
    EXPECT_EQ(answer.read->database, folder_ / "a.db") << "paths are relative to the file";
}

TEST_F(config_folder, ASecretThatOthersCanReadIsWarnedOf) {
    fs::permissions(write("token.secret", "from-a-file-0123456789\n"), fs::perms::others_read, fs::perm_options::add);
    const auto answer = read_with_tokens("  - { name: file, token: { file: token.secret } }\n");
    EXPECT_TRUE(answer.read);
    EXPECT_EQ(problems_of(answer),
              std::vector<std::string>{
                  "kindred.yaml:4:26: warning: token: the file token.secret can be read by others: chmod 600 it"});
}

TEST_F(config_folder, ASecretHasOneSource) {
    const auto answer = read_with_tokens("  - { name: both, token: { file: a, env: B } }\n");
    EXPECT_FALSE(answer.read);
    EXPECT_EQ(problems_of(answer),
              std::vector<std::string>{"kindred.yaml:4:26: error: token: wants one of file and env"});
}

TEST_F(config_folder, AnEmptyFileIsNoSecret) {
    write("token.secret", "\n");
    const auto answer = read_with_tokens("  - { name: file, token: { file: token.secret } }\n");
    EXPECT_FALSE(answer.read) << "an empty token would let everybody in";
}

TEST_F(config_folder, ASiteInRedisHasAServerAndDefaultsForTheRest) {
    const auto answer =
        read_config(write("node.yaml", "store: { redis: { server: \"10.0.0.5:6380\", node: a } }\nrules: rules\n"),
                    config_use::serve);
    ASSERT_TRUE(answer.read) << problems_of(answer).front();
    ASSERT_TRUE(answer.read->shared);
    const auto& shared = *answer.read->shared;
    EXPECT_EQ(shared.server.server, (redis::server_address{"10.0.0.5", 6380}));
    EXPECT_FALSE(shared.server.tls);
    EXPECT_EQ(shared.site, "main");
    EXPECT_EQ(shared.node, "a");
    EXPECT_EQ(shared.lease, std::chrono::seconds{10});
    EXPECT_EQ(shared.wait_replicas, 0U);
    EXPECT_TRUE(shared.refuse_unsafe);
    EXPECT_EQ(answer.read->database, folder_ / "node-copy" / "kindred.db") << "beside the configuration, by its name";
}

TEST_F(config_folder, EverythingOfRedisCanBeSaid) {
    write("redis.secret", "of redis\n");
    write("ca.pem", "");
    const auto answer = read_config(write("kindred.yaml",
                                          "store:\n"
                                          "  redis:\n"
                                          "    server: \"[::1]:6379\"\n"
                                          "    user: kindred\n"
                                          "    password: { file: redis.secret }\n"
                                          "    tls: { ca: ca.pem }\n"
                                          "    site: shop.eu\n"
                                          "    copy: /var/lib/kindred/copy.db\n"
                                          "    listen: 10.0.0.7:7400\n"
                                          "    address: kindred-1.internal:17400\n"
                                          "    wait_replicas: 2\n"
                                          "    wait_within: 500ms\n"
                                          "    lease: 2s\n"
                                          "    most_sites: 8\n"
                                          "    unsafe: allow\n"
                                          "rules: rules\n"),
                                    config_use::serve);
    ASSERT_TRUE(answer.read) << problems_of(answer).front();
    const auto& shared = *answer.read->shared;
    EXPECT_EQ(shared.server.server.host, "::1");
    EXPECT_EQ(shared.server.user, "kindred");
    EXPECT_EQ(shared.server.password, "of redis");
    EXPECT_TRUE(shared.server.tls);
    EXPECT_EQ(shared.server.ca_file, (folder_ / "ca.pem").string());
    EXPECT_EQ(shared.site, "shop.eu");
    EXPECT_EQ(shared.copy.path, "/var/lib/kindred/copy.db");
    ASSERT_TRUE(answer.read->nodes);
    EXPECT_EQ(answer.read->nodes->host, "10.0.0.7");
    EXPECT_EQ(answer.read->nodes->port, 7400);
    EXPECT_EQ(shared.address, "kindred-1.internal:17400");
    EXPECT_EQ(shared.wait_replicas, 2U);
    EXPECT_EQ(shared.wait_within, std::chrono::milliseconds{500});
    EXPECT_EQ(shared.lease, std::chrono::seconds{2});
    EXPECT_FALSE(shared.refuse_unsafe);
    EXPECT_TRUE(shared.spread);
    EXPECT_EQ(shared.most_sites, 8U);
}

TEST_F(config_folder, WhereOtherNodesReachThisOneIsAnAddressThatTheyCanUse) {
    const auto answer = read_config(write("kindred.yaml",
                                          "store:\n"
                                          "  redis:\n"
                                          "    server: \"[::1]:6379\"\n"
                                          "    listen: 0.0.0.0:7400\n"
                                          "rules: rules\n"),
                                    config_use::serve);
    EXPECT_EQ(problems_of(answer),
              std::vector<std::string>{"kindred.yaml:4:13: error: listen: wants the address that other "
                                       "nodes reach, or \"address\" beside it"});
    const auto other = read_config(write("other.yaml",
                                         "store:\n"
                                         "  redis:\n"
                                         "    server: \"[::1]:6379\"\n"
                                         "    address: nowhere\n"
                                         "rules: rules\n"),
                                   config_use::serve);
    EXPECT_EQ(problems_of(other), std::vector<std::string>{"other.yaml:4:14: error: address: wants host:port such as "
                                                           "10.0.0.7:7400, not \"nowhere\""});
}

TEST_F(config_folder, SentinelsSayWhichRedisItIs) {
    write("sentinel.secret", "of sentinels\n");
    const auto answer =
        read_config(write("kindred.yaml",
                          "store: { redis: { sentinels: [\"10.0.0.5:26379\", \"10.0.0.6:26379\"], master: kindred,\n"
                          "                  sentinel_password: { file: sentinel.secret } } }\nrules: rules\n"),
                    config_use::serve);
    ASSERT_TRUE(answer.read) << problems_of(answer).front();
    const auto& shared = *answer.read->shared;
    EXPECT_EQ(shared.sentinels, (std::vector<redis::server_address>{{"10.0.0.5", 26379}, {"10.0.0.6", 26379}}));
    EXPECT_EQ(shared.master, "kindred");
    EXPECT_EQ(shared.sentinel_password, "of sentinels");
}

TEST_F(config_folder, AClusterIsNamedBySomeOfItsServers) {
    const auto answer = read_config(write("kindred.yaml",
                                          "store: { redis: { cluster: [\"10.0.0.5:7000\", \"10.0.0.6:7000\"], "
                                          "erase_within: 10m, inbox_bytes: 5000000, journal: true } }\nrules: rules\n"),
                                    config_use::serve);
    ASSERT_TRUE(answer.read) << problems_of(answer).front();
    const auto& shared = *answer.read->shared;
    EXPECT_EQ(shared.cluster, (std::vector<redis::server_address>{{"10.0.0.5", 7000}, {"10.0.0.6", 7000}}));
    EXPECT_EQ(shared.erase_within, std::chrono::minutes{10});
    EXPECT_EQ(shared.inbox_bytes, 5'000'000U);
    EXPECT_TRUE(shared.journal);
    const auto wrong = read_config(write("kindred.yaml",
                                         "store:\n"
                                         "  redis:\n"
                                         "    server: 10.0.0.4:6379\n"
                                         "    sentinels: []\n"
                                         "    cluster: []\n"
                                         "    erase_within: 2h\n"
                                         "rules: rules\n"),
                                   config_use::serve);
    EXPECT_FALSE(wrong.read);
    EXPECT_EQ(
        problems_of(wrong),
        (std::vector<std::string>{
            "kindred.yaml:3:13: error: server: is there beside sentinels, which say what the server is",
            "kindred.yaml:4:16: error: sentinels: wants sentinels, host:port each",
            "kindred.yaml:5:14: error: cluster: is there beside sentinels: a Redis is watched by those or is a cluster",
            "kindred.yaml:5:14: error: cluster: wants some servers of the cluster, host:port each",
            "kindred.yaml:6:19: error: erase_within: must be at most 1h, not 2h"}));
}

TEST_F(config_folder, WhatIsWrongWithAStoreIsSaidWithItsPlace) {
    const auto answer = read_config(write("kindred.yaml",
                                          "store:\n"
                                          "  sqlite: a.db\n"
                                          "  redis:\n"
                                          "    sever: 127.0.0.1:6379\n"
                                          "    user: kindred\n"
                                          "    site: \"{main}\"\n"
                                          "    tls: { ca: nowhere.pem }\n"
                                          "    wait_replicas: -1\n"
                                          "    lease: 100ms\n"
                                          "    spread: no\n"
                                          "    most_sites: 2\n"
                                          "    unsafe: maybe\n"
                                          "rules: rules\n"),
                                    config_use::serve);
    EXPECT_FALSE(answer.read);
    EXPECT_EQ(problems_of(answer),
              (std::vector<std::string>{
                  "kindred.yaml:4:5: error: redis: is there beside sqlite: a site is in one of them",
                  "kindred.yaml:4:5: error: server: is missing",
                  "kindred.yaml:4:5: error: unknown key \"sever\", did you mean \"server\"?",
                  "kindred.yaml:5:11: error: user: is of use only beside password",
                  "kindred.yaml:6:11: error: site: wants at most 64 of a-z, A-Z, 0-9, dots, dashes and underscores",
                  "kindred.yaml:7:16: error: ca: there is no file nowhere.pem",
                  "kindred.yaml:8:20: error: wait_replicas: must be between 0 and 16, not -1",
                  "kindred.yaml:9:12: error: lease: must be at least 2s, not 100ms",
                  "kindred.yaml:11:17: error: most_sites: is of no use where spread is no",
                  "kindred.yaml:12:13: error: unsafe: \"maybe\" is not one of refuse, allow"}));
}

}  // namespace
}  // namespace kindred::app
