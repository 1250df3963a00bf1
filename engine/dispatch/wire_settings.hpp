#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/dispatch/settings.hpp"
#include "engine/dispatch/wire.hpp"

/// The bytes of what rules and rosters tell dispatch. Members are append only.
namespace kindred::dispatch::wire {

/// What was added to queue_settings after journals held them: it stands after what older bytes end with, for queues
/// that have something of it.
struct later_queue_settings {
    std::string queue;
    std::string closed_overflow;
    std::optional<closed_handling> when_holiday;
    std::string holiday_overflow;
    borrowing borrow;
};

inline bool has_later_settings(const queue_settings& queue) {
    return !queue.closed_overflow.empty() || queue.when_holiday || !queue.holiday_overflow.empty() ||
           queue.borrow != borrowing{};
}
inline later_queue_settings later_settings_of(const queue_settings& queue) {
    return {queue.name, queue.closed_overflow, queue.when_holiday, queue.holiday_overflow, queue.borrow};
}
inline void add_later_settings(queue_settings& queue, later_queue_settings&& later) {
    queue.closed_overflow = std::move(later.closed_overflow);
    queue.when_holiday = later.when_holiday;
    queue.holiday_overflow = std::move(later.holiday_overflow);
    queue.borrow = std::move(later.borrow);
}

template <>
inline constexpr std::uint8_t last_of<channel_kind> = 6;
template <>
inline constexpr std::uint8_t last_of<serving_order> = 3;
template <>
inline constexpr std::uint8_t last_of<agent_choice> = 4;
template <>
inline constexpr std::uint8_t last_of<closed_handling> = 4;
template <>
inline constexpr std::uint8_t last_of<preference> = 3;
template <>
inline constexpr std::uint8_t last_of<ability_kind> = 2;
template <>
inline constexpr std::uint8_t last_of<presence> = 3;

template <>
inline constexpr std::tuple members_of<offer_policy>{&offer_policy::to, &offer_policy::expires,
                                                     &offer_policy::after_decline};
template <>
inline constexpr std::tuple members_of<queue_settings>{
    &queue_settings::name,     &queue_settings::order,      &queue_settings::choose,  &queue_settings::offer,
    &queue_settings::prefer,   &queue_settings::prefer_for, &queue_settings::wrap_up, &queue_settings::limit,
    &queue_settings::overflow, &queue_settings::when_closed};
template <>
inline constexpr std::tuple members_of<borrowing>{&borrowing::from, &borrowing::above, &borrowing::below};
template <>
inline constexpr std::tuple members_of<later_queue_settings>{
    &later_queue_settings::queue, &later_queue_settings::closed_overflow, &later_queue_settings::when_holiday,
    &later_queue_settings::holiday_overflow, &later_queue_settings::borrow};
template <>
inline constexpr std::tuple members_of<kind_rule>{&kind_rule::kind, &kind_rule::others};
template <>
inline constexpr std::tuple members_of<requirement>{&requirement::kind, &requirement::name, &requirement::level};
template <>
inline constexpr std::tuple members_of<step>{&step::require, &step::lasts, &step::skip_if_nobody};
template <>
inline constexpr std::tuple members_of<ticket_plan>{&ticket_plan::queue,         &ticket_plan::head_start,
                                                    &ticket_plan::steps,         &ticket_plan::first_response,
                                                    &ticket_plan::next_response, &ticket_plan::resolution};
template <>
inline constexpr std::tuple members_of<agent_queue>{&agent_queue::name, &agent_queue::rank};
template <>
inline constexpr std::tuple members_of<upsert_agent>{&upsert_agent::agent, &upsert_agent::queues,
                                                     &upsert_agent::abilities, &upsert_agent::kinds,
                                                     &upsert_agent::capacity};

}  // namespace kindred::dispatch::wire
