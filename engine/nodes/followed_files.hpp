#pragma once
#include "engine/base/time.hpp"
#include "engine/runtime/sending/file_sweep.hpp"
#include "engine/store/redis/redis.hpp"

namespace kindred::nodes {

/// What a node that follows does with the files that it has beside its copy, from times when it led: those that nothing
/// refers to any more go, and what Redis lacks is put back there. For the thread that follows, between two looks at the
/// log; the node must not lead.
class followed_files {
public:
    /// Everything given must outlive it. `every`: how often it looks through them, without another reason.
    followed_files(store::shared_store& of, const store::site_figures& figures, const clock& now, duration every);

    /// Does something now and then; most often there is nothing to do, and it returns at once.
    void look();

private:
    store::shared_store& of_;
    const store::site_figures& figures_;
    const clock& now_;
    const duration every_;
    const runtime::held_files none_held_;
    std::uint64_t doubts_ = 0;
    time_point next_;
};

}  // namespace kindred::nodes
