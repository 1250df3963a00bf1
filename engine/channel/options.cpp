#include "engine/channel/options.hpp"

#include "engine/base/id.hpp"

#include <algorithm>

namespace kindred::channel {

const structure* structure::find(std::string_view key) const {
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.key == key; });
    return found == members.end() ? nullptr : &found->value;
}

options::options(std::string channel, std::vector<option> given, std::string public_url)
    : channel_(std::move(channel)), given_(std::move(given)), public_url_(std::move(public_url)) {}

const option* options::find(std::string_view name) {
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) asked_.emplace_back(name);
    const auto found =
        std::find_if(given_.begin(), given_.end(), [&](const option& each) { return each.name == name; });
    return found == given_.end() ? nullptr : &*found;
}

std::string options::text(std::string_view name, std::string_view fallback) {
    const auto* given = find(name);
    if (given == nullptr) return std::string(fallback);
    if (given->is_list || given->values.size() != 1) {
        complain(name, "wants one text, not a list");
        return std::string(fallback);
    }
    return given->values.front();
}

std::string options::required(std::string_view name) {
    auto value = text(name);
    if (value.empty() && find(name) == nullptr) complain(name, "is missing: this connector needs it");
    return value;
}

std::vector<std::string> options::secrets(std::string_view name) {
    const auto* given = find(name);
    if (given == nullptr) return {};
    if (given->values.empty() || given->values.size() > 2)
        complain(name, "wants one secret, or two while it is changed");
    for (const auto& each : given->values)
        if (each.empty()) complain(name, "is an empty secret");
    return given->values;
}

std::vector<std::string> options::list(std::string_view name) {
    const auto* given = find(name);
    return given == nullptr ? std::vector<std::string>{} : given->values;
}

bool options::yes_no(std::string_view name, bool fallback) {
    if (find(name) == nullptr) return fallback;
    const auto given = text(name);
    if (given == "true" || given == "yes") return true;
    if (given == "false" || given == "no") return false;
    complain(name, "wants true or false, not \"" + given + "\"");
    return fallback;
}

duration options::span(std::string_view name, duration fallback) {
    if (find(name) == nullptr) return fallback;
    const auto given = text(name);
    if (const auto span = parse_duration(given); span && span->count() >= 0) return *span;
    complain(name, "wants a duration such as 30s or 5m, not \"" + given + "\"");
    return fallback;
}

std::int64_t options::number(std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most) {
    if (find(name) == nullptr) return fallback;
    const auto given = text(name);
    const auto number = parse_number(given);
    if (number && static_cast<std::int64_t>(*number) >= least && static_cast<std::int64_t>(*number) <= most)
        return static_cast<std::int64_t>(*number);
    complain(name, "wants a number from " + std::to_string(least) + " to " + std::to_string(most) + ", not \"" + given +
                       "\"");
    return fallback;
}

std::string options::address(std::string_view name, std::string_view fallback) {
    auto given = text(name, fallback);
    while (given.ends_with('/')) given.pop_back();
    const auto scheme_end = given.find("://");
    const auto scheme = given.substr(0, scheme_end == std::string::npos ? 0 : scheme_end);
    const bool known = scheme == "http" || scheme == "https" || scheme == "smtp" || scheme == "smtps";
    if (!given.empty() && (!known || given.find_first_of(" \r\n\t") != std::string::npos))
        complain(name, "wants an address such as https://api.example.com, not \"" + given + "\"");
    return given;
}

const structure* options::tree(std::string_view name) {
    const auto* given = find(name);
    return given == nullptr ? nullptr : given->tree.get();
}

void options::complain_at(const structure& where, std::string_view name, std::string message) {
    problems_.push_back({std::string(name), std::move(message), where.line, where.column});
}

void options::complain(std::string_view name, std::string message) {
    for (const auto& said : problems_)
        if (said.name == name) return;
    problems_.push_back({std::string(name), std::move(message)});
}

std::vector<option> options::unused() const {
    std::vector<option> left;
    for (const auto& each : given_)
        if (std::find(asked_.begin(), asked_.end(), each.name) == asked_.end()) left.push_back(each);
    return left;
}

}  // namespace kindred::channel
