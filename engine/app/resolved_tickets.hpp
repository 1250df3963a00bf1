#pragma once
#include "engine/store/store.hpp"
#include "engine/understanding/intent_trainer.hpp"

#include <vector>

namespace kindred::app {

/// What agents have taught by their work: of each resolved ticket that was given a disposition, what its customer wrote
/// first, labelled with that disposition. The newest `most` of them. Errors as the store's reads have them.
result<std::vector<understanding::labelled_text>> read_resolved_tickets(store::store& from, std::size_t most);

}  // namespace kindred::app
