#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

#include <string_view>

namespace kindred::runtime {

// Kinds of store::kept_row. Stored: never renamed.
inline constexpr std::string_view stop_rows = "stop";
inline constexpr std::string_view block_rows = "block";
inline constexpr std::string_view quarantine_rows = "quarantine";
inline constexpr std::string_view file_rows = "file";
inline constexpr std::string_view fetch_rows = "fetch";
/// Of files that the provider must not keep any longer: what is to be removed there.
inline constexpr std::string_view removal_rows = "file-removal";
inline constexpr std::string_view note_rows = "customer-note";
inline constexpr std::string_view moment_rows = "customer-moment";
/// Of everybody who was merged: into whom.
inline constexpr std::string_view merge_rows = "customer-merge";
/// Pairs of customers who may be one, or are not.
inline constexpr std::string_view join_rows = "customer-join";
inline constexpr std::string_view audit_rows = "audit";
/// What the store's own links are signed with, by what they lead to.
inline constexpr std::string_view secret_rows = "secret";

/// Reads what the writer must have at hand of what is kept by name.
result<void> load_registers(store::store& from, world& into);

/// Changes a register: in force at once, on record with the step. The answer is JSON for the API.
result<std::string> change_register(step& in, const register_change& wanted);

}  // namespace kindred::runtime
