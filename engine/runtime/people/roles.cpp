#include "engine/runtime/people/roles.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

using enum permission;

constexpr std::size_t longest_name = 64;

constexpr permission_set of_agents = permission_set(tickets_read) | tickets_work | customers_read | customers_write;
constexpr permission_set of_supervisors = of_agents | tickets_others | tickets_reassign | customers_manage |
                                          queues_read | queues_control | incidents_manage | presence_others |
                                          reports_read | channels_read | senders_block;
constexpr permission_set of_readers = permission_set(tickets_read) | customers_read | queues_read | reports_read |
                                      rules_read | channels_read | people_read | tokens_read | audit_read;
constexpr permission_set of_programs =
    permission_set(contacts_write) | customers_read | customers_write | customers_import;

error unknown_permission(std::string_view name) {
    std::vector<std::string> known;
    for (const auto& row : all_permissions()) known.emplace_back(row.name);
    const auto meant = nearest(name, known);
    return fail(errc::invalid, "permissions: there is no permission \"" + std::string(name) + "\"" +
                                   (meant ? ", did you mean \"" + *meant + "\"?" : ""));
}

}  // namespace

std::span<const role> built_in_roles() {
    static const std::array<role, 5> all{{
        {std::string(built_in::agent), of_agents, true},
        {std::string(built_in::supervisor), of_supervisors, true},
        {std::string(built_in::admin), permission_set::all(), true},
        {std::string(built_in::read_only), of_readers, true},
        {std::string(built_in::api), of_programs, true},
    }};
    return all;
}

const role* built_in_role(std::string_view name) {
    for (const auto& each : built_in_roles())
        if (each.name == name) return &each;
    return nullptr;
}

error unknown_role(std::string_view name, const std::vector<std::string>& known) {
    std::string wanted;
    for (const auto& each : known) wanted += (wanted.empty() ? "" : ", ") + each;
    const auto meant = nearest(name, known);
    return fail(errc::invalid, "role: wants one of " + wanted + ", not \"" + std::string(name) + "\"" +
                                   (meant ? "; did you mean \"" + *meant + "\"?" : ""));
}

result<void> check_role_name(std::string_view name) {
    const auto fits = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
    };
    if (!name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), fits)) return {};
    return fail(errc::invalid, "name: wants 1 to 64 letters, digits, dots, dashes and underscores");
}

result<permission_set> permissions_from(json::value given) {
    if (!given.is_array()) return fail(errc::invalid, "permissions: wants a list of names");
    permission_set may;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto name = given.at(i).text();
        const auto one = permission_named(name);
        if (!one) return unknown_permission(name);
        may = may | *one;
    }
    if (may.empty()) return fail(errc::invalid, "permissions: wants at least one");
    if (const auto lacking = lacking_in(may))
        return fail(errc::invalid, "permissions: " + std::string(lacking->name) + " is nothing without " +
                                       std::string(name_of(*lacking->needs)) + ": give both");
    return may;
}

void write_permissions(json::writer& out, permission_set may) {
    out.key("permissions").begin_array();
    for (const auto name : may.names()) out.value(name);
    out.end_array();
}

std::string to_json(const role& kept) {
    json::writer out;
    write_permissions(out.begin_object(), kept.may);
    return out.end_object().take();
}

result<role> role_from_json(std::string_view name, std::string_view text) {
    const auto parsed = json::document::parse(text);
    if (!parsed || !(*parsed)["permissions"].is_array())
        return fail(errc::corrupt, "the stored role " + std::string(name) + " is not readable");
    role made{std::string(name), {}, false};
    (*parsed)["permissions"].for_each([&](json::value each) {
        if (const auto one = permission_named(each.text())) made.may = made.may | *one;
    });
    return made;
}

}  // namespace kindred::runtime
