#include "engine/store/rows.hpp"

namespace kindred::store {
namespace {

constexpr std::array<std::string_view, 6> status_names{"waiting", "offered",     "held",
                                                       "snoozed", "wrapping_up", "resolved"};

}  // namespace

std::string_view name_of(ticket_status status) { return status_names.at(static_cast<std::size_t>(status) - 1); }

std::optional<ticket_status> ticket_status_named(std::string_view name) {
    for (std::size_t i = 0; i < status_names.size(); ++i) {
        if (status_names.at(i) == name) return static_cast<ticket_status>(i + 1);
    }
    return std::nullopt;
}

}  // namespace kindred::store
