#pragma once
#include "tests/redis/support/redis_cluster.hpp"
#include "tests/store/support/shared_site.hpp"

namespace kindred::store {

using kindred::redis::redis_cluster;

inline std::uint16_t slot_of_site(const std::string& site) {
    return kindred::redis::slot_of("kindred:{" + site + "}:");
}

/// A site in a cluster of its own, and nodes that share it.
class clustered : public testing::Test {
protected:
    redis_options options(redis_cluster& in, const std::string& node, const std::string& site = "main") const {
        redis_options made;
        made.cluster = in.addresses();
        made.site = site;
        made.node = node;
        made.copy.path = folder_.file(node + "/copy.db");
        made.copy.sync = sync_level::off;
        return made;
    }
    static std::unique_ptr<shared_store> leading(const redis_options& with) {
        auto opened = open_redis(with).value();
        while (true) {
            const auto leads = opened->lead(std::chrono::milliseconds{10});
            if (leads && *leads) return opened;
        }
    }
    static commit_state until_settled(store& at, const batch& changes) {
        commit_outcome outcome;
        do outcome = at.commit(changes);
        while (outcome.state == commit_state::refused || outcome.state == commit_state::unknown);
        EXPECT_EQ(outcome.state, commit_state::committed) << outcome.reason;
        return outcome.state;
    }
    static std::int64_t batches(redis_cluster& in, const std::string& site = "main") {
        kindred::redis::client over({}, in.settings(slot_of_site(site)));
        return over.ask({"XLEN", "kindred:{" + site + "}:log"}).value().number;
    }

    temporary_folder folder_;
};

}  // namespace kindred::store
