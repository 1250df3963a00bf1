#pragma once
#include "engine/runtime/inputs.hpp"

#include <chrono>
#include <string>
#include <unordered_map>

namespace kindred::runtime {

/// Conversations of which the writer has sent something back to be looked up. What comes next in one of them goes back
/// as well, behind it, or it would overtake it. For one thread.
class sent_back {
public:
    using steady = std::chrono::steady_clock;

    void went(const delivery& given, steady::time_point now);
    void came(const delivery& given);
    /// Something of one of its conversations went and has not come, nor been lost on its way: then it would have come
    /// within a minute.
    bool concerns(const delivery& given, steady::time_point now) const;

private:
    struct absence {
        std::size_t deliveries = 0;
        steady::time_point since;  ///< the first of them went
    };
    std::unordered_map<std::string, absence> away_;  ///< by channel and conversation
};

}  // namespace kindred::runtime
