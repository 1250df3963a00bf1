#pragma once
#include "engine/redis/client.hpp"
#include "engine/store/redis/redis.hpp"
#include "tests/redis/support/redis_server.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace kindred::store {

/// A Redis of its own and nodes that share a site in it, each with a folder of its own.
class shared_site : public testing::Test {
protected:
    static constexpr std::chrono::milliseconds shortly{10};

    redis_options options(const std::string& node) const {
        redis_options made;
        made.server.server.port = server_.port();
        made.node = node;
        made.copy.path = folder_.file(node + "/copy.db");
        made.copy.sync = sync_level::off;
        return made;
    }
    static std::unique_ptr<shared_store> leading(const redis_options& with) {
        auto opened = open_redis(with).value();
        while (!opened->lead(shortly).value()) {
        }
        return opened;
    }
    std::unique_ptr<shared_store> leading(const std::string& node) const { return leading(options(node)); }

    kindred::redis::reply say(const kindred::redis::command& said) { return raw_.ask(said).value(); }
    static std::string key(const std::string& name) { return "kindred:{main}:" + name; }
    /// As when a leader has been silent for longer than its lease.
    void end_lease() { say({"HSET", key("head"), "exp", "0"}); }
    std::int64_t batches() { return say({"XLEN", key("log")}).number; }
    /// As a failover does that promotes a replica which had not heard of the last batch.
    void lose_last_batch(std::uint64_t seq, const std::string& before) {
        say({"XDEL", key("log"), std::to_string(seq) + "-0"});
        say({"XSETID", key("log"), std::to_string(seq - 1) + "-0"});
        say({"HSET", key("head"), "seq", std::to_string(seq - 1), "last", before});
        say({"DEL", key("writers")});
    }
    static kindred::redis::connection_settings settings_of(const kindred::redis::redis_server& server) {
        kindred::redis::connection_settings made;
        made.server.port = server.port();
        return made;
    }

    temporary_folder folder_;
    kindred::redis::redis_server server_;
    kindred::redis::client raw_{settings_of(server_)};
};

}  // namespace kindred::store
