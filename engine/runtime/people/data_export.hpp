#pragma once
#include "engine/store/store.hpp"

#include <functional>
#include <string>

/// What is on record, in the hands of its owner: lines of JSON, each an object with a `type`.
namespace kindred::runtime {

using line_sink = std::function<void(std::string line)>;

/// All about one person: everybody who goes on as that customer, notes, what forbids to write to them, tickets with
/// their entries, messages and files (without the bytes). errc::not_found where there is nobody, or nobody any more.
result<void> export_customer(store::store& from, customer_id whose, const line_sink& each);

/// Everybody, in the order of their numbers.
result<void> export_everybody(store::store& from, const line_sink& each);

}  // namespace kindred::runtime
