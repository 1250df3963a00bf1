#pragma once
#include "engine/api/call.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/people/person.hpp"

#include <string>

namespace kindred::api {

/// An account to be made.
struct new_person {
    runtime::person who;   ///< without id and hash
    std::string password;  ///< empty: cannot log in yet
};

/// Reads and finishes the body. errc::invalid names the member that is wrong; queues and skills must be the rules'.
result<new_person> read_new_person(body_reader& body, const rules::ruleset& rules);

/// Reads and finishes the body of a change to `into`; what is not given stays. Errors as above; `into` may then be half
/// changed.
result<void> read_changed_person(body_reader& body, const rules::ruleset& rules, runtime::person& into);

}  // namespace kindred::api
