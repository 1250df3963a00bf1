#include "tests/store/support/makers.hpp"

#include "engine/store/memory/memory.hpp"
#include "engine/store/redis/redis.hpp"
#include "engine/store/sqlite/sqlite.hpp"
#include "tests/redis/support/redis_server.hpp"
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
    explicit sqlite_medium(std::size_t key_run) : key_run_(key_run) {}
    std::unique_ptr<store> open() override {
        sqlite_options options;
        options.path = folder_.file("store.db");
        options.sync = sync_level::off;  // these tests restart processes, not machines
        options.key_run = key_run_;
        return open_sqlite(options).value();
    }

private:
    const std::size_t key_run_;
    temporary_folder folder_;
};

/// A site of its own in a server that all of these share. Its copy stays where it is from one opening to the next.
class redis_medium final : public store_medium {
public:
    redis_medium() {
        static const kindred::redis::redis_server shared;
        static int sites = 0;
        options_.server.server.port = shared.port();
        options_.site = "site" + std::to_string(++sites);
        options_.copy.path = folder_.file("copy.db");
        options_.copy.sync = sync_level::off;
    }
    std::unique_ptr<store> open() override {
        auto opened = open_redis(options_).value();
        while (!opened->lead(std::chrono::milliseconds{10}).value()) {
        }
        return opened;
    }

private:
    temporary_folder folder_;
    redis_options options_;
};

}  // namespace

std::vector<store_maker> all_makers() {
    return {{"memory", [] { return std::make_unique<memory_medium>(); }},
            {"sqlite", [] { return std::make_unique<sqlite_medium>(sqlite_options{}.key_run); }},
            {"sqlite_with_key_runs", [] { return std::make_unique<sqlite_medium>(1); }},
            {"redis", [] { return std::make_unique<redis_medium>(); }}};
}

}  // namespace kindred::store
