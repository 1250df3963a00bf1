#include "engine/app/config_channels.hpp"
#include "engine/app/config_secrets.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <set>

namespace kindred::app {
namespace {

/// {concierge: 7} or a list, which means 10.
std::map<std::string, int> read_levels(const settings::field& given) {
    std::map<std::string, int> levels;
    if (given.is_list()) {
        for (const auto& name : given.texts()) levels.emplace(name, 10);
        return levels;
    }
    for (const auto& [key, at, value] : given.entries())
        if (const auto level = value.integer(1, 10)) levels.emplace(std::string(key), static_cast<int>(*level));
    return levels;
}

seeded_person read_person(const settings::field& given, const std::filesystem::path& folder) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> roles{
        {{runtime::built_in::agent, runtime::built_in::agent},
         {runtime::built_in::supervisor, runtime::built_in::supervisor},
         {runtime::built_in::admin, runtime::built_in::admin},
         {runtime::built_in::read_only, runtime::built_in::read_only}}};
    seeded_person made;
    auto section = given.as_section();
    made.who.login = section.require("login").text_not_empty().value_or("");
    made.who.name = made.who.login;
    section.read("name", made.who.name);
    std::string_view role = runtime::built_in::agent;
    section.choose("role", role, settings::choices<std::string_view>(roles));
    made.who.role = role;
    if (const auto password = read_secrets(section.at("password"), folder); password && !password->empty())
        made.password = password->front();
    section.read("password_hash", made.who.password_hash);
    section.read("queues", made.who.queues);
    made.who.skills = read_levels(section.at("skills"));
    made.who.languages = read_levels(section.at("languages"));
    section.read("capacity", made.who.capacity, 1, 1000);
    section.read("phone", made.who.phone);
    section.finish();
    if (made.password.empty() && made.who.password_hash.empty())
        given.warning(made.who.login + " has no password and cannot log in");
    return made;
}

}  // namespace

std::vector<seeded_person> read_people(const settings::field& named, const std::filesystem::path& file,
                                       std::vector<settings::diagnostic>& problems) {
    std::vector<seeded_person> people;
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        named.error("cannot be read: " + file.string());
        return people;
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto shown = file.lexically_normal().string();
    settings::problems found;
    if (const auto tree = settings::parse_yaml(shown, text, found)) {
        settings::section root(settings::field(shown, "", &*tree, found));
        std::set<std::string> logins;
        for (const auto& each : root.at("people").list()) {
            auto someone = read_person(each, file.parent_path());
            if (!someone.who.login.empty() && !logins.insert(someone.who.login).second)
                each.error("the login " + someone.who.login + " is given twice");
            people.push_back(std::move(someone));
        }
        root.finish();
    }
    for (auto& each : found.sorted()) problems.push_back(std::move(each));
    return people;
}

}  // namespace kindred::app
