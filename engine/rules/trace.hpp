#pragma once
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/explanation.hpp"

/// What was tried, in words: the notes of an explanation.
namespace kindred::rules {

/// `failed` as first_failure() gave it for `asked`; none: it held.
tried_condition describe(const std::string& name, const written_at& place, const conditions::condition& asked,
                         const conditions::condition* failed, conditions::fact_table& facts);
tried_condition describe_pin(const pin& pinned, const written_at& place);
std::string outside_share(double percent);

/// Every text of a kind in the order in which it would be chosen, at most 20.
std::vector<tried_condition> describe_texts(knowledge::text_kind kind, const knowledge::library& library,
                                            conditions::fact_table& facts, const std::vector<std::string>& languages,
                                            std::optional<knowledge::choice> chosen, bool named_by_route);

}  // namespace kindred::rules
