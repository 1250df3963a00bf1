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

}  // namespace kindred::api
