#include "tests/store/support/makers.hpp"

#include "engine/store/memory/memory.hpp"
#include "engine/store/sqlite/sqlite.hpp"
#include "tests/store/support/temporary_folder.hpp"

namespace kindred::store {
namespace {

class memory_medium final : public store_medium {
public:
    std::unique_ptr<store> open() override { return make_memory_store(disk_); }

private:
    std::shared_ptr<memory_disk> disk_ = make_memory_disk();
};

class sqlite_medium final : public store_medium {
public:
    std::unique_ptr<store> open() override {
        sqlite_options options;
        options.path = folder_.file("store.db");
        options.sync = sync_level::off;  // these tests restart processes, not machines
        return open_sqlite(options).value();
    }

private:
    temporary_folder folder_;
};

}  // namespace

std::vector<store_maker> all_makers() {
    return {{"memory", [] { return std::make_unique<memory_medium>(); }},
            {"sqlite", [] { return std::make_unique<sqlite_medium>(); }}};
}

}  // namespace kindred::store
