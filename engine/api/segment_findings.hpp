#pragma once
#include "engine/insight/segment_study.hpp"
#include "engine/insight/split_tree.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/store/store.hpp"

#include <string>
#include <vector>

/// Whether the groups of customers are real, and which would be: from the store, for the API and the command.
namespace kindred::api {

/// Reads the histories between two moments and what is on record of customers. Blocks.
result<insight::segment_study> study_segments(store::store& from, time_point begin, time_point end);

/// What the customers' declared attributes propose, for each outcome of the study; outcomes for which nothing holds
/// beyond chance are left out. Reads everybody. Blocks.
result<std::vector<insight::proposed_split>> propose_splits(store::store& from, const rules::ruleset& rules,
                                                            const insight::segment_study& study,
                                                            const insight::tree_policy& policy);

}  // namespace kindred::api
