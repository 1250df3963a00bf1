#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/dispatch/settings.hpp"
#include "engine/dispatch/wire.hpp"

/// The bytes of what rules and rosters tell dispatch. Members are append only.
namespace kindred::dispatch::wire {

template <>
inline constexpr std::uint8_t last_of<channel_kind> = 6;
template <>
inline constexpr std::uint8_t last_of<serving_order> = 3;
template <>
inline constexpr std::uint8_t last_of<agent_choice> = 4;
template <>
inline constexpr std::uint8_t last_of<closed_handling> = 3;
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
