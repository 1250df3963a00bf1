#pragma once
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include "engine/app/command_line.hpp"

/// `kindred user` and `kindred token`: people and API tokens of the running engine, through its API. Exit codes: 0, 1
/// when the configuration is wrong or has no token of an admin, 2 when standard input has no password that can be one,
/// 3 when the engine does not answer or refuses.
namespace kindred::app {

struct account_arguments {
    std::string config;  ///< says where the engine listens
    std::string token;   ///< of an admin; empty: the first of the configuration with that role
    bool as_json = false;
    std::string name;  ///< of a token
    std::string role;  ///< empty: the API's default
    std::string login;
    std::optional<std::string> shown_name;
    std::vector<std::string> queues;
    std::vector<std::string> skills;     ///< "lamps=7"
    std::vector<std::string> languages;  ///< "es=8"
    std::optional<std::int64_t> capacity;
    std::optional<std::string> phone;
};

/// "lamps=7": the name, and a level from 1 to 10; nothing where it is not of that form.
std::optional<std::pair<std::string, int>> level_of(const std::string& given);

/// Makes an account with the password that `input`, a file descriptor, has (read_new_password()).
int run_user_add(const account_arguments& given, int input, std::ostream& out, std::ostream& err);
/// Another password for somebody; ends that person's sessions.
int run_user_passwd(const account_arguments& given, int input, std::ostream& out, std::ostream& err);
/// One line each; with `as_json` the API's answer.
int run_user_list(const account_arguments& given, std::ostream& out, std::ostream& err);

/// Prints the secret of a new token, on a line of its own and never again.
int run_token_new(const account_arguments& given, std::ostream& out, std::ostream& err);
int run_token_list(const account_arguments& given, std::ostream& out, std::ostream& err);
int run_token_revoke(const account_arguments& given, std::ostream& out, std::ostream& err);

void add_account_commands(const command& program);

}  // namespace kindred::app
