#include "engine/app/account_commands.hpp"

#include "engine/app/admin_call.hpp"
#include "engine/app/password_input.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/runtime/people/roles.hpp"

#include <unistd.h>
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

namespace kindred::app {
namespace {

constexpr const char* people_path = "/api/v1/people";
constexpr const char* agents_path = "/api/v1/agents";
constexpr const char* tokens_path = "/api/v1/tokens";
constexpr const char* roles_path = "/api/v1/roles";
enum exit_code_value { done = 0, has_problem = 1, wrong_use = 2, cannot_run = 3 };

int refused(const std::string& why, std::ostream& err, exit_code_value code = cannot_run) {
    err << "error: " << why << '\n';
    return code;
}

using printer = std::function<void(json::value)>;

/// Calls, and lets `show` print what came.
int ask(const admin_access& access, const account_arguments& given, std::ostream& out, std::ostream& err,
        const char* method, const std::string& path, const std::string& body, const printer& show) {
    const auto answered = access.call(method, path, body);
    if (!answered) return refused(answered.error().message, err);
    const auto parsed = json::document::parse(*answered);
    if (given.as_json)
        out << *answered << '\n';
    else if (parsed)
        show(parsed->root());
    return done;
}

void write_levels(json::writer& out, std::string_view key, const std::vector<std::string>& given) {
    if (given.empty()) return;
    out.key(key).begin_object();
    for (const auto& each : given)
        if (const auto level = level_of(each)) out.member(level->first, level->second);
    out.end_object();
}

std::string account_json(const account_arguments& given, const std::string& password) {
    json::writer out;
    out.begin_object().member("login", given.login).member("password", password).member_if("role", given.role);
    if (given.shown_name) out.member("name", *given.shown_name);
    if (given.phone) out.member("phone", *given.phone);
    if (given.capacity) out.member("capacity", *given.capacity);
    out.key("queues").begin_array();
    for (const auto& each : given.queues) out.value(each);
    write_levels(out.end_array(), "skills", given.skills);
    write_levels(out, "languages", given.languages);
    return out.end_object().take();
}

/// " es=8 en=10"
void print_levels(std::ostream& out, json::value levels) {
    levels.for_each_member(
        [&](std::string_view name, json::value level) { out << ' ' << name << '=' << level.text_or_number(); });
}

void print_account(std::ostream& out, json::value each) {
    out << each["login"].text() << "  " << each["role"].text() << "  " << each["name"].text() << "  queues";
    each["queues"].for_each([&](json::value queue) { out << ' ' << queue.text(); });
    out << "  skills";
    print_levels(out, each["skills"]);
    out << "  languages";
    print_levels(out, each["languages"]);
    out << "  capacity " << each["capacity"].text_or_number();
    if (const auto phone = each["phone"].text(); !phone.empty()) out << "  phone " << phone;
    if (!each["has_password"].boolean().value_or(false)) out << "  no password";
    out << '\n';
}

/// The id of who has this login. errc::not_found with the login that may be meant.
result<std::string> id_of(const admin_access& access, const std::string& login) {
    const auto answered = access.call("GET", people_path);
    if (!answered) return answered.error();
    const auto parsed = json::document::parse(*answered);
    if (!parsed) return parsed.error();
    std::string id;
    std::vector<std::string> logins;
    (*parsed)["people"].for_each([&](json::value each) {
        logins.emplace_back(each["login"].text());
        if (logins.back() == login) id = each["id"].text();
    });
    if (!id.empty()) return id;
    const auto meant = nearest(login, logins);
    return fail(errc::not_found,
                "there is nobody with the login " + login + (meant ? ", did you mean " + *meant + "?" : ""));
}

/// What is wrong with a role that is to be given: that there is none of that name. Where the token may not look at
/// roles the engine says whatever is wrong, later.
std::optional<std::string> fault_of_role(const admin_access& access, const std::string& role, bool of_token) {
    if (role.empty()) return std::nullopt;
    const auto answered = access.call("GET", roles_path);
    const auto parsed = answered ? json::document::parse(*answered) : result<json::document>(answered.error());
    if (!parsed) return std::nullopt;
    std::vector<std::string> known;
    (*parsed)["roles"].for_each([&](json::value each) {
        if (of_token || each["name"].text() != runtime::built_in::api) known.emplace_back(each["name"].text());
    });
    if (std::find(known.begin(), known.end(), role) != known.end()) return std::nullopt;
    return runtime::unknown_role(role, known).message;
}

const std::string levels_wanted = "wants NAME=LEVEL, the level from 1 to 10";

std::string check_level(const std::string& given) { return level_of(given) ? "" : given + ": " + levels_wanted; }

/// The options that every one of them has.
std::shared_ptr<account_arguments> common_arguments(const command& made) {
    auto given = std::make_shared<account_arguments>();
    add_engine_options(made, given->config, given->token);
    made.flag("--json", given->as_json, "As JSON");
    return given;
}

void add_user_add(const command& group) {
    const auto made = group.add_command("add", "Make an account; the password is read from standard input");
    auto given = common_arguments(made);
    made.option("login", given->login, "What the person logs in with").required();
    made.option("--name", given->shown_name, "As others see it; the login unless given");
    made.option("--role", given->role, "agent unless given; one of these, or a role of your own")
        .usually({"agent", "supervisor", "admin", "read-only"});
    made.option("--queue", given->queues, "To be offered tickets from; may be repeated");
    made.option("--skill", given->skills, "NAME=LEVEL, 1 to 10; may be repeated").check(check_level);
    made.option("--language", given->languages, "CODE=LEVEL, 1 to 10; may be repeated").check(check_level);
    made.option("--capacity", given->capacity, "Units of work at once; 10 unless given");
    made.option("--phone", given->phone, "Where calls reach the person");
    made.runs([given] { return run_user_add(*given, STDIN_FILENO, std::cout, std::cerr); });
}

void add_user_commands(const command& program) {
    const auto group = program.add_command("user", "People who log in");
    group.wants_command();
    add_user_add(group);
    const auto passwd = group.add_command("passwd", "Another password, read from standard input; ends their sessions");
    auto whose = common_arguments(passwd);
    passwd.option("login", whose->login, "Whose").required();
    passwd.runs([whose] { return run_user_passwd(*whose, STDIN_FILENO, std::cout, std::cerr); });
    const auto list = group.add_command("list", "One line each");
    auto listed = common_arguments(list);
    list.runs([listed] { return run_user_list(*listed, std::cout, std::cerr); });
}

void add_token_commands(const command& program) {
    const auto group = program.add_command("token", "API tokens for programs");
    group.wants_command();
    const auto make = group.add_command("new", "Give one out; prints its secret, once");
    auto wanted = common_arguments(make);
    make.option("name", wanted->name, "Who will use it; letters, digits, dots, dashes, underscores").required();
    make.option("--role", wanted->role,
                "api unless given (bring contacts in, read and write customers); one of these, or a role of your own")
        .usually({"api", "agent", "supervisor", "admin", "read-only"});
    make.runs([wanted] { return run_token_new(*wanted, std::cout, std::cerr); });
    const auto list = group.add_command("list", "One line each, the revoked ones too");
    auto listed = common_arguments(list);
    list.runs([listed] { return run_token_list(*listed, std::cout, std::cerr); });
    const auto revoke = group.add_command("revoke", "From now on it is worth nothing");
    auto dropped = common_arguments(revoke);
    revoke.option("name", dropped->name, "As `list` prints it").required();
    revoke.runs([dropped] { return run_token_revoke(*dropped, std::cout, std::cerr); });
}

}  // namespace

std::optional<std::pair<std::string, int>> level_of(const std::string& given) {
    const auto equals = given.rfind('=');
    if (equals == std::string::npos || equals == 0) return std::nullopt;
    const auto level = given.substr(equals + 1);
    if (level == "10") return std::pair(given.substr(0, equals), 10);
    if (level.size() != 1 || level[0] < '1' || level[0] > '9') return std::nullopt;
    return std::pair(given.substr(0, equals), level[0] - '0');
}

int run_user_add(const account_arguments& given, int input, std::ostream& out, std::ostream& err) {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    if (const auto fault = fault_of_role(*access, given.role, false)) return refused(*fault, err, wrong_use);
    const auto password = read_new_password(input, err);
    if (!password) return refused(password.error().message, err, wrong_use);
    return ask(*access, given, out, err, "POST", agents_path, account_json(given, *password),
               [&](json::value said) { print_account(out, said["agent"]); });
}

int run_user_passwd(const account_arguments& given, int input, std::ostream& out, std::ostream& err) {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    const auto id = id_of(*access, given.login);
    if (!id) return refused(id.error().message, err);
    const auto password = read_new_password(input, err);
    if (!password) return refused(password.error().message, err, wrong_use);
    json::writer body;
    body.begin_object().member("password", *password).end_object();
    return ask(*access, given, out, err, "PUT", std::string(agents_path) + '/' + *id + "/password", body.take(),
               [&](json::value) { out << given.login << ": the password is changed, sessions are ended\n"; });
}

int run_user_list(const account_arguments& given, std::ostream& out, std::ostream& err) {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    return ask(*access, given, out, err, "GET", people_path, {},
               [&](json::value said) { said["people"].for_each([&](json::value each) { print_account(out, each); }); });
}

int run_token_new(const account_arguments& given, std::ostream& out, std::ostream& err) {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    if (const auto fault = fault_of_role(*access, given.role, true)) return refused(*fault, err, wrong_use);
    json::writer body;
    body.begin_object().member("name", given.name).member_if("role", given.role).end_object();
    return ask(*access, given, out, err, "POST", tokens_path, body.take(), [&](json::value said) {
        err << "keep it now: it is not shown again\n";
        out << said["secret"].text() << '\n';
    });
}

int run_token_list(const account_arguments& given, std::ostream& out, std::ostream& err) {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    return ask(*access, given, out, err, "GET", tokens_path, {}, [&](json::value said) {
        said["tokens"].for_each([&](json::value each) {
            out << each["name"].text() << "  " << each["role"].text() << "  " << each["created_at"].text();
            out << (each["revoked"].boolean().value_or(false) ? "  revoked\n" : "\n");
        });
    });
}

int run_token_revoke(const account_arguments& given, std::ostream& out, std::ostream& err) {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    return ask(*access, given, out, err, "DELETE", std::string(tokens_path) + '/' + encode_percent(given.name), {},
               [&](json::value) { out << given.name << ": revoked\n"; });
}

void add_account_commands(const command& program) {
    add_user_commands(program);
    add_token_commands(program);
}

}  // namespace kindred::app
