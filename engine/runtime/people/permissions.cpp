#include "engine/runtime/people/permissions.hpp"

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

using enum permission;

/// In the order of the enumeration: a permission's bit is its place here.
constexpr std::array<permission_row, 27> rows{{
    {tickets_read, "tickets.read", {}},
    {tickets_work, "tickets.work", tickets_read},
    {tickets_others, "tickets.others", tickets_work},
    {tickets_reassign, "tickets.reassign", tickets_read},
    {contacts_write, "contacts.write", {}},
    {customers_read, "customers.read", {}},
    {customers_write, "customers.write", customers_read},
    {customers_manage, "customers.manage", customers_write},
    {customers_import, "customers.import", {}},
    {customers_export, "customers.export", customers_read},
    {customers_erase, "customers.erase", customers_read},
    {queues_read, "queues.read", {}},
    {queues_control, "queues.control", queues_read},
    {incidents_manage, "incidents.manage", queues_read},
    {presence_others, "presence.others", queues_read},
    {reports_read, "reports.read", {}},
    {rules_read, "rules.read", {}},
    {rules_activate, "rules.activate", rules_read},
    {channels_read, "channels.read", {}},
    {channels_manage, "channels.manage", channels_read},
    {senders_block, "senders.block", channels_read},
    {people_read, "people.read", {}},
    {people_manage, "people.manage", people_read},
    {roles_manage, "roles.manage", people_read},
    {tokens_read, "tokens.read", {}},
    {tokens_manage, "tokens.manage", tokens_read},
    {audit_read, "audit.read", {}},
}};

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].one) != i) return false;
    return true;
}
static_assert(are_in_order());

}  // namespace

std::span<const permission_row> all_permissions() { return rows; }

std::string_view name_of(permission one) { return rows.at(static_cast<std::size_t>(one)).name; }

std::optional<permission> permission_named(std::string_view name) {
    for (const auto& row : rows)
        if (row.name == name) return row.one;
    return std::nullopt;
}

permission_set permission_set::all() {
    permission_set everything;
    for (const auto& row : rows) everything = everything | row.one;
    return everything;
}

std::vector<std::string_view> permission_set::names() const {
    std::vector<std::string_view> found;
    for (const auto& row : rows)
        if (has(row.one)) found.push_back(row.name);
    return found;
}

std::string permission_set::text(std::string_view between) const {
    const auto each = names();
    std::string made;
    for (std::size_t i = 0; i < each.size(); ++i) {
        if (i > 0) made += i + 1 == each.size() ? between : std::string_view(", ");
        made += each[i];
    }
    return made;
}

std::optional<permission_row> lacking_in(permission_set given) {
    for (const auto& row : rows)
        if (given.has(row.one) && row.needs && !given.has(*row.needs)) return row;
    return std::nullopt;
}

}  // namespace kindred::runtime
