#include "engine/api/new_person.hpp"

#include "engine/api/password.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t longest_login = 100;
constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_phone = 100;
constexpr int highest_level = 10;
constexpr int most_capacity = 1'000;

result<void> check_login(std::string_view login) {
    if (login.empty()) return fail(errc::invalid, "login: is missing");
    const auto is_gap = [](char letter) { return (letter >= 0 && letter <= ' ') || letter == 0x7f; };
    if (login.size() > longest_login || std::any_of(login.begin(), login.end(), is_gap))
        return fail(errc::invalid, "login: wants at most 100 bytes, without spaces");
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    if (login == "me" || std::all_of(login.begin(), login.end(), is_digit))
        return fail(errc::invalid, "login: \"me\" and numbers mean somebody already, by id");
    return {};
}

error unknown_name(std::string_view member, std::string_view kind, std::string_view name,
                   const std::vector<std::string>& known) {
    const auto meant = nearest(name, known);
    return fail(errc::invalid, std::string(member) + ": there is no " + std::string(kind) + " \"" + std::string(name) +
                                   "\"" + (meant ? ", did you mean \"" + *meant + "\"?" : ""));
}

bool is_known(std::string_view name, const std::vector<std::string>& known) {
    return std::find(known.begin(), known.end(), name) != known.end();
}

/// As site.yaml has them: "en", or with more parts, "pt-BR".
bool is_language_code(std::string_view code) {
    const auto first = code.substr(0, code.find('-'));
    return first.size() >= 2 && first.size() <= 3 && code.size() <= 35 &&
           std::all_of(first.begin(), first.end(), [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

result<std::map<std::string, int>> read_levels(std::string_view member, json::value given) {
    std::map<std::string, int> levels;
    std::optional<error> wrong;
    if (!given.is_object()) wrong = fail(errc::invalid, std::string(member) + ": wants an object of levels by name");
    given.for_each_member([&](std::string_view name, json::value value) {
        const auto level = value.integer().value_or(0);
        if (level >= 1 && level <= highest_level)
            levels.emplace(name, static_cast<int>(level));
        else if (!wrong)
            wrong = fail(errc::invalid, std::string(member) + ": " + std::string(name) + " wants a level from 1 to 10");
    });
    if (wrong) return *wrong;
    return levels;
}

result<void> read_skills(json::value given, const rules::ruleset& rules, runtime::person& into) {
    auto levels = read_levels("skills", given);
    if (!levels) return levels.error();
    for (const auto& [name, level] : *levels)
        if (!is_known(name, rules.skills())) return unknown_name("skills", "skill", name, rules.skills());
    into.skills = std::move(*levels);
    return {};
}

result<void> read_languages(json::value given, runtime::person& into) {
    auto levels = read_levels("languages", given);
    if (!levels) return levels.error();
    for (const auto& [code, level] : *levels)
        if (!is_language_code(code))
            return fail(errc::invalid, "languages: \"" + code + "\" is not a language code such as en or es");
    into.languages = std::move(*levels);
    return {};
}

result<void> read_queues(json::value given, const rules::ruleset& rules, runtime::person& into) {
    if (!given.is_array()) return fail(errc::invalid, "queues: wants a list of names");
    std::vector<std::string> known;
    for (const auto& each : rules.queues()) known.push_back(each.name);
    std::vector<std::string> queues;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto name = given.at(i).text();
        if (!is_known(name, known)) return unknown_name("queues", "queue", name, known);
        if (!is_known(name, queues)) queues.emplace_back(name);
    }
    into.queues = std::move(queues);
    return {};
}

result<void> read_capacity(json::value given, runtime::person& into) {
    if (!given.exists()) return {};
    into.capacity = given.integer().value_or(0);
    if (into.capacity < 1 || into.capacity > most_capacity)
        return fail(errc::invalid, "capacity: wants a number from 1 to 1000");
    return {};
}

void announce_duties(body_reader& body) {
    for (const auto* member : {"queues", "skills", "languages", "capacity"}) (void)body.any(member);
}

result<void> read_texts(body_reader& body, new_person& into) {
    into.who.login = body.text("login").value_or("");
    into.who.name = body.text("name").value_or(into.who.login);
    into.who.phone = body.text("phone").value_or("");
    into.password = body.text("password").value_or("");
    if (auto role = body.text("role")) into.who.role = std::move(*role);
    announce_duties(body);
    if (auto fine = body.finish(); !fine) return fine.error();
    if (auto fine = check_login(into.who.login); !fine) return fine.error();
    if (into.who.name.empty() || into.who.name.size() > longest_name)
        return fail(errc::invalid, "name: wants 1 to 200 bytes");
    if (into.who.phone.size() > longest_phone) return fail(errc::invalid, "phone: wants at most 100 bytes");
    if (body.root()["password"].exists()) return check_new_password(into.password);
    return {};
}

/// What somebody does and can; what is not given stays as it is.
result<void> read_duties(json::value given, const rules::ruleset& rules, runtime::person& into) {
    if (const auto queues = given["queues"]; queues.exists())
        if (auto fine = read_queues(queues, rules, into); !fine) return fine.error();
    if (const auto skills = given["skills"]; skills.exists())
        if (auto fine = read_skills(skills, rules, into); !fine) return fine.error();
    if (const auto languages = given["languages"]; languages.exists())
        if (auto fine = read_languages(languages, into); !fine) return fine.error();
    return read_capacity(given["capacity"], into);
}

}  // namespace

result<new_person> read_new_person(body_reader& body, const rules::ruleset& rules) {
    new_person made;
    if (auto fine = read_texts(body, made); !fine) return fine.error();
    if (auto fine = read_duties(body.root(), rules, made.who); !fine) return fine.error();
    return made;
}

result<void> read_changed_person(body_reader& body, const rules::ruleset& rules, runtime::person& into) {
    if (const auto name = body.text("name")) into.name = *name;
    if (const auto phone = body.text("phone")) into.phone = *phone;
    if (auto role = body.text("role")) into.role = std::move(*role);
    announce_duties(body);
    if (auto fine = body.finish(); !fine) return fine.error();
    return read_duties(body.root(), rules, into);
}

}  // namespace kindred::api
