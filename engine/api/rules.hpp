#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/rules/ruleset_keeper.hpp"

#include <atomic>
#include <memory>

namespace kindred::api {

/// The ruleset in force, its versions, and what others would do. Called on blocking threads.
class rules_endpoints {
public:
    rules_endpoints(runtime::site& site, runtime::ruleset_keeper& keeper) : site_(site), keeper_(keeper) {}

    void list(std::shared_ptr<call> asked);
    /// The files of one version that is kept.
    void files(std::shared_ptr<call> asked);
    void check(std::shared_ptr<call> asked);
    void explain(std::shared_ptr<call> asked);
    /// What they mean beside those in force: by name, and by contacts made up for it. One at a time.
    void diff(std::shared_ptr<call> asked);
    /// Runs the tests among the files.
    void test(std::shared_ptr<call> asked);
    void backtest(std::shared_ptr<call> asked);
    void activate(std::shared_ptr<call> asked);
    void rollback(std::shared_ptr<call> asked);

private:
    void take_over(const std::shared_ptr<call>& asked, const runtime::rules_source& from, runtime::rules_wish wish);

    runtime::site& site_;
    runtime::ruleset_keeper& keeper_;
    std::atomic<bool> comparing_{false};
};

}  // namespace kindred::api
