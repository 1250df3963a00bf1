#pragma once
#include "engine/api/call.hpp"
#include "engine/http/response.hpp"
#include "engine/runtime/rules/ruleset_keeper.hpp"

/// What requests about rules have in common.
namespace kindred::api {

/// Which rules a body means: `files` (an object from path to text), `version` (a hash), or neither: the configured
/// folder. errc::invalid for both, for paths that lead elsewhere and for names that are no rule files.
result<runtime::rules_source> rules_named(body_reader& body);

/// `rollout: {mode, percent}` of a body, where it is there. errc::invalid names what is wrong with it.
result<std::optional<runtime::rollout_wish>> rollout_named(body_reader& body);

/// Rules with errors, as application/problem+json: 422 of type "/problems/rules", with the list in `problems`.
http::response refusal_of(const std::vector<settings::diagnostic>& problems);

}  // namespace kindred::api
