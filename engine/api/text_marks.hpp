#pragma once
#include "engine/base/error.hpp"
#include "engine/domain/ids.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <string>

/// What agents say of scripts and articles beside a ticket, kept by name: said twice, it is there once.
namespace kindred::api {

struct text_mark {
    std::string kind;  ///< "script", "article"
    std::string id;
    ticket_id ticket;
    agent_id by;
    std::string what;  ///< "used", "sent", "helpful", "not_helpful"
};

/// errc::invalid for another word, errc::not_found where the rules have no such script or article; a script where there
/// are both.
result<text_mark> mark_of(const rules::ruleset& rules, const std::string& id, const std::string& what);
/// An agent's later word on the use of a text beside the same ticket takes the place of an earlier one.
store::kept_row to_row(const text_mark& mark, time_point at);
/// Tells all that were made between two moments.
result<void> read_marks(store::store& from, time_point begin, time_point end,
                        const std::function<void(const text_mark&)>& each);

}  // namespace kindred::api
