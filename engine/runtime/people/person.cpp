#include "engine/runtime/people/person.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

void write_levels(json::writer& out, std::string_view key, const std::map<std::string, int>& levels) {
    out.key(key).begin_object();
    for (const auto& [name, level] : levels) out.member(name, level);
    out.end_object();
}

std::map<std::string, int> read_levels(json::value from) {
    std::map<std::string, int> levels;
    from.for_each_member([&](std::string_view name, json::value level) {
        levels.emplace(name, static_cast<int>(std::clamp<std::int64_t>(level.integer().value_or(1), 1, 10)));
    });
    return levels;
}

}  // namespace

std::string to_json(const person& someone) {
    json::writer out;
    out.begin_object().member("login", someone.login).member("name", someone.name);
    out.member("role", someone.role).member("password_hash", someone.password_hash);
    out.key("queues").begin_array();
    for (const auto& queue : someone.queues) out.value(queue);
    out.end_array();
    write_levels(out, "skills", someone.skills);
    write_levels(out, "languages", someone.languages);
    out.member("capacity", someone.capacity).member_if("phone", someone.phone);
    return out.end_object().take();
}

result<person> person_from_json(agent_id id, std::string_view text) {
    auto parsed = json::document::parse(text);
    if (!parsed) return fail(errc::corrupt, "agent " + to_string(id) + ": " + parsed.error().message);
    const auto from = parsed->root();
    person someone;
    someone.id = id;
    someone.login = from["login"].text();
    someone.name = from["name"].text();
    if (const auto role = from["role"].text(); !role.empty()) someone.role = role;
    someone.password_hash = from["password_hash"].text();
    from["queues"].for_each([&](json::value queue) { someone.queues.emplace_back(queue.text()); });
    someone.skills = read_levels(from["skills"]);
    someone.languages = read_levels(from["languages"]);
    someone.capacity = from["capacity"].integer().value_or(10);
    someone.phone = from["phone"].text();
    return someone;
}

dispatch::upsert_agent to_command(const person& someone) {
    dispatch::upsert_agent told;
    told.agent = someone.id;
    for (const auto& queue : someone.queues) told.queues.push_back({queue, 0});
    const auto add = [&](dispatch::ability_kind kind, const std::map<std::string, int>& levels) {
        for (const auto& [name, level] : levels)
            told.abilities.push_back({kind, name, static_cast<std::uint8_t>(level)});
    };
    add(dispatch::ability_kind::skill, someone.skills);
    add(dispatch::ability_kind::language, someone.languages);
    told.capacity = static_cast<std::uint32_t>(someone.capacity);
    return told;
}

roster::roster(std::vector<person> people, std::vector<role> own) : people_(std::move(people)), roles_(std::move(own)) {
    std::sort(people_.begin(), people_.end(), [](const person& a, const person& b) { return a.id < b.id; });
    std::sort(roles_.begin(), roles_.end(), [](const role& a, const role& b) { return a.name < b.name; });
}

const role* roster::find_role(std::string_view name) const {
    if (const auto* everywhere = built_in_role(name)) return everywhere;
    for (const auto& each : roles_)
        if (each.name == name) return &each;
    return nullptr;
}

std::vector<std::string> roster::role_names() const {
    std::vector<std::string> names;
    for (const auto& each : built_in_roles())
        if (each.name != built_in::api) names.push_back(each.name);
    for (const auto& each : roles_) names.push_back(each.name);
    return names;
}

permission_set roster::may(std::string_view role) const {
    const auto* known = find_role(role);
    return known == nullptr ? permission_set() : known->may;
}

permission_set roster::may(agent_id id) const {
    const auto* someone = find(id);
    return someone == nullptr ? permission_set() : may(*someone);
}

const person* roster::find(agent_id id) const {
    const auto found = std::lower_bound(people_.begin(), people_.end(), id,
                                        [](const person& each, agent_id wanted) { return each.id < wanted; });
    return found == people_.end() || found->id != id ? nullptr : &*found;
}

const person* roster::find(std::string_view login) const {
    for (const auto& each : people_)
        if (each.login == login) return &each;
    return nullptr;
}

}  // namespace kindred::runtime
