#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Kind of store::kept_row of the roles that a centre made. Stored: never renamed.
inline constexpr std::string_view role_rows = "role";

/// Reads the centre's own roles; the people are there by then.
result<void> load_roles(store::store& from, world& into);

/// Of somebody who is there, an empty password_hash leaves the password as it is, and an empty login leaves everything
/// else: neither change can take the other back. errc::conflict where a new one's login is taken or nobody would be
/// left who may do everything, errc::not_found where an id is nobody's, errc::invalid where there is no such role,
/// errc::forbidden where the giver may not do what the role permits; then nothing is changed.
///
/// In force at once: desks are told what their person may do now, and who may work on tickets no more goes offline and
/// gives its tickets back to their queues, but for a call that it is in.
result<std::string> change_roster(step& in, const roster_change& wanted);

/// The same for everybody who has the role. errc::conflict where the name is taken, the role is built in, or somebody
/// has one that is to go. What tokens have it is the caller's to know.
result<std::string> change_role(step& in, const role_change& wanted);

}  // namespace kindred::runtime
