#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/rules/decision.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kindred::simulation {

/// What escalations may ask of a contact. What it points to outlives the simulation.
struct escalation_facts {
    const contact* said = nullptr;
    const customer* who = nullptr;
    std::string priority;
    std::vector<rules::chosen_segment> segments;
    std::string stage;
};

/// A contact that comes now.
struct arrival {
    dispatch::command* told = nullptr;  ///< an `enqueue`, whose ticket is filled in by who takes it
    duration handling{0};               ///< how long an agent talks
    std::optional<duration> patience;   ///< none: waits for ever
    std::uint32_t what = 0;             ///< for the observer
    std::shared_ptr<const escalation_facts> about = nullptr;  ///< none: it is never escalated
};

/// Where contacts come from, in the order of time.
class arrival_source {
public:
    virtual ~arrival_source() = default;
    /// When the next one comes; none: no more.
    virtual std::optional<time_point> next() const = 0;
    /// The next one, decided in view of the queues. Valid until the next call.
    virtual arrival take(const rules::queue_board& board) = 0;
};

}  // namespace kindred::simulation
