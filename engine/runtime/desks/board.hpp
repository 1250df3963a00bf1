#pragma once
#include "engine/rules/decision.hpp"
#include "engine/runtime/world.hpp"

namespace kindred::runtime {

/// The live queues as rules see them.
class live_board final : public rules::queue_board {
public:
    live_board(const world& of, time_point now) : of_(of), now_(now) {}
    rules::queue_figures figures_of(std::string_view queue) const override {
        const auto figures = of_.dispatch.queue(queue, now_);
        if (!figures) return {};
        return {figures->waiting, figures->agents_present, figures->longest_wait, figures->estimated_wait};
    }

private:
    const world& of_;
    time_point now_;
};

}  // namespace kindred::runtime
