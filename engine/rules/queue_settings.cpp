#include "engine/rules/queue_settings.hpp"

namespace kindred::rules {

std::string_view name_of(queue_order order) {
    switch (order) {
        case queue_order::aged: return "aged";
        case queue_order::strict: return "strict";
        case queue_order::deadline: return "deadline";
    }
    return "";
}

std::string_view name_of(agent_choice choice) {
    switch (choice) {
        case agent_choice::longest_idle: return "longest_idle";
        case agent_choice::least_loaded: return "least_loaded";
        case agent_choice::round_robin: return "round_robin";
        case agent_choice::best_skilled: return "best_skilled";
    }
    return "";
}

}  // namespace kindred::rules
