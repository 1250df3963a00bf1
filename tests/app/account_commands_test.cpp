#include "engine/app/account_commands.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

TEST(level_of, is_a_name_and_a_level_from_1_to_10) {
    using level = std::pair<std::string, int>;
    EXPECT_EQ(level_of("lamps=7"), level("lamps", 7));
    EXPECT_EQ(level_of("es=10"), level("es", 10));
    EXPECT_EQ(level_of("a=b=1"), level("a=b", 1));
    for (const auto* wrong : {"", "lamps", "lamps=", "=7", "lamps=0", "lamps=11", "lamps=-1", "lamps=7.5", "lamps=x",
                              "lamps=07", "lamps=7 "})
        EXPECT_FALSE(level_of(wrong)) << wrong;
}

/// Commands with a configuration whose engine does not run.
class account_commands : public testing::Test {
protected:
    account_commands() { fs::create_directories(folder_); }
    ~account_commands() override { fs::remove_all(folder_); }

    account_arguments with_tokens(const std::string& tokens) {
        const auto file = (folder_ / "kindred.yaml").string();
        std::ofstream(file) << "server: { listen: 127.0.0.1:1, public_url: http://127.0.0.1 }\n"
                            << "store: { sqlite: kindred.db }\nrules: " << fs::absolute("rules").string() << "\n"
                            << "channels: {}\ntokens: " << tokens << "\n";
        account_arguments given;
        given.config = file;
        given.login = given.name = "zoe";
        return given;
    }
    const std::string admins_ = "[{ name: ops, token: secret-of-an-admin, role: admin }]";
    const fs::path folder_ = fs::temp_directory_path() / ("kindred-account-commands-" + std::to_string(::getpid()));
    std::ostringstream out_;
    std::ostringstream err_;
};

TEST_F(account_commands, need_the_token_of_an_admin) {
    const auto given = with_tokens("[{ name: shop, token: secret-of-the-shop }]");
    for (const auto run : {run_user_list, run_token_new, run_token_list, run_token_revoke})
        EXPECT_EQ(run(given, out_, err_), 1);
    for (const auto run : {run_user_add, run_user_passwd}) EXPECT_EQ(run(given, -1, out_, err_), 1);
    EXPECT_NE(err_.str().find("role: admin"), std::string::npos) << err_.str();
    EXPECT_EQ(out_.str(), "");
}

TEST_F(account_commands, say_so_when_no_engine_answers) {
    const auto given = with_tokens(admins_);
    for (const auto run : {run_user_list, run_token_new, run_token_list, run_token_revoke})
        EXPECT_EQ(run(given, out_, err_), 3);
    EXPECT_EQ(run_user_passwd(given, -1, out_, err_), 3);
    EXPECT_EQ(out_.str(), "");
}

TEST_F(account_commands, an_account_is_not_made_without_a_password) {
    EXPECT_EQ(run_user_add(with_tokens(admins_), -1, out_, err_), 2);
    EXPECT_NE(err_.str().find("no password on standard input"), std::string::npos) << err_.str();
}

}  // namespace
}  // namespace kindred::app
