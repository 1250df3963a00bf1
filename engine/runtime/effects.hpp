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

/// A message that must not be sent any more, though it waits to be.
struct withdrawal {
    ticket_id ticket;
    outbox_id message;
    std::string reason;
};

/// A file to be fetched once its contact is durable; without a channel, bytes that nothing refers to any more.
struct file_wish {
    std::string id;  ///< of its row; without a channel the name of the bytes
    std::string channel;
};

/// What a step wants done once it is durable, in order.
struct effects {
    std::vector<std::function<void()>> answers;
    std::vector<desk_frame> frames;
    std::vector<store::outbox_row> to_send;
    std::vector<withdrawal> to_withdraw;
    std::vector<file_wish> to_fetch;
    bool events = false;  ///< there are events to deliver

    bool empty() const {
        return answers.empty() && frames.empty() && to_send.empty() && to_withdraw.empty() && to_fetch.empty() &&
               !events;
    }
};

/// Carries effects out. Called from the store's thread only, in commit order.
class effect_sink {
public:
    virtual ~effect_sink() = default;
    virtual void publish(const desk_frame& frame) = 0;
    virtual void send(store::outbox_row message) = 0;
    virtual void withdraw(const withdrawal& taken_back) = 0;
    virtual void fetch(const file_wish& wanted) = 0;
    virtual void deliver_events() = 0;
};

}  // namespace kindred::runtime
