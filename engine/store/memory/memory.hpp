#pragma once
#include "engine/store/store.hpp"

namespace kindred::store {

/// What a memory store keeps beyond its own life, so that a test can "restart": open another store on the same disk.
class memory_disk;
std::shared_ptr<memory_disk> make_memory_disk();

/// A store with the semantics of the real ones and no durability beyond `disk` (none given: its own). For tests of
/// other modules. backup() answers errc::unavailable: there is nothing to copy into a file.
std::unique_ptr<store> make_memory_store(std::shared_ptr<memory_disk> disk = nullptr);

}  // namespace kindred::store
