#pragma once
#include "engine/domain/ids.hpp"
#include "engine/store/rows.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kindred::runtime {

/// A frame for one agent's desk: its type and the JSON members that follow it.
struct desk_frame {
    agent_id agent;
    std::string type;
    std::string members;  ///< `"ticket":{...}`
};

/// What a step wants done once it is durable, in order.
struct effects {
    std::vector<std::function<void()>> answers;
    std::vector<desk_frame> frames;
    std::vector<store::outbox_row> to_send;

    bool empty() const { return answers.empty() && frames.empty() && to_send.empty(); }
};

/// Carries effects out. Called from the store's thread only, in commit order.
class effect_sink {
public:
    virtual ~effect_sink() = default;
    virtual void publish(const desk_frame& frame) = 0;
    virtual void send(store::outbox_row message) = 0;
};

}  // namespace kindred::runtime
