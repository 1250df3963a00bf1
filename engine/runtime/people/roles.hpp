#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/runtime/people/permissions.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// The roles that every centre has. Stored and part of the API: never renamed.
namespace built_in {
inline constexpr std::string_view agent = "agent";
inline constexpr std::string_view supervisor = "supervisor";
inline constexpr std::string_view admin = "admin";
inline constexpr std::string_view read_only = "read-only";  ///< everything that only shows something
inline constexpr std::string_view api = "api";              ///< of programs alone: contacts and customers
}  // namespace built_in

/// A name for what somebody may do.
struct role {
    std::string name;
    permission_set may;
    bool is_built_in = false;

    bool operator==(const role&) const = default;
};

/// agent, supervisor, admin, read-only, api.
std::span<const role> built_in_roles();
/// Nothing where none of them is called that.
const role* built_in_role(std::string_view name);

/// That none of `known` is called `name`, with the one that may be meant.
error unknown_role(std::string_view name, const std::vector<std::string>& known);

/// So many roles of its own a centre has at most.
inline constexpr std::size_t most_roles = 200;

/// errc::invalid where no role may be called that. 1 to 64 letters, digits, dots, dashes and underscores.
result<void> check_role_name(std::string_view name);
/// Names of permissions. errc::invalid naming one that there is not, or that lacks another one; with no permission at
/// all; or where it is no list.
result<permission_set> permissions_from(json::value given);
void write_permissions(json::writer& out, permission_set may);

std::string to_json(const role& kept);
/// errc::corrupt where it is not what to_json() wrote. Permissions that are unknown are none.
result<role> role_from_json(std::string_view name, std::string_view text);

}  // namespace kindred::runtime
