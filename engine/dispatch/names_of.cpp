#include "engine/dispatch/events.hpp"

#include <array>

namespace kindred::dispatch {

namespace {

// In the order of the variants, which is part of the encoded form.
constexpr std::array<std::string_view, std::variant_size_v<command>> command_names{
    "configure",     "open_queue",     "close_queue", "upsert_agent", "remove_agent",  "set_presence",
    "agent_gone",    "enqueue",        "reopen",      "accept",       "decline",       "resolve",
    "end_wrap_up",   "extend_wrap_up", "transfer",    "assign",       "begin_held",    "abandon",
    "snooze",        "wake",           "replan",      "set_priority", "agent_replied", "customer_wrote",
    "remove_ticket", "tick",           "also_offer",  "consult",      "end_consult",   "take_over",
    "call_back",     "close_ticket",   "close_until", "lift_closure", "set_notice",    "lift_notice"};

constexpr std::array<std::string_view, std::variant_size_v<event>> event_names{
    "ticket_queued",   "claim_ended",      "offer_made",         "offer_closed",    "ticket_held",
    "step_advanced",   "priority_changed", "target_missed",      "ticket_released", "ticket_resolved",
    "wrap_up_started", "wrap_up_ended",    "ticket_abandoned",   "ticket_snoozed",  "ticket_removed",
    "agent_changed",   "agent_removed",    "queue_opened",       "queue_closed",    "ticket_also_offered",
    "consult_started", "consult_ended",    "callback_requested", "closure_set",     "closure_ended",
    "notice_set",      "notice_ended",     "borrowing_started",  "borrowing_ended"};

static_assert(!command_names.back().empty() && !event_names.back().empty());

}  // namespace

std::string_view name_of(const command& told) { return command_names[told.index()]; }
std::string_view name_of(const event& happened) { return event_names[happened.index()]; }

ticket_id ticket_of(const event& happened) {
    return std::visit(
        [](const auto& each) {
            if constexpr (requires { each.ticket; }) return each.ticket;
            return ticket_id{};
        },
        happened);
}

agent_id agent_of(const event& happened) {
    return std::visit(
        [](const auto& each) {
            if constexpr (requires { each.agent; }) return each.agent;
            return agent_id{};
        },
        happened);
}

std::string_view name_of(queued_because because) {
    switch (because) {
        case queued_because::enqueued: return "enqueued";
        case queued_because::reopened: return "reopened";
        case queued_because::transferred: return "transferred";
        case queued_because::replanned: return "replanned";
        case queued_because::woken: return "woken";
    }
    return {};
}

std::string_view name_of(offer_outcome outcome) {
    switch (outcome) {
        case offer_outcome::accepted: return "accepted";
        case offer_outcome::declined: return "declined";
        case offer_outcome::expired: return "expired";
        case offer_outcome::revoked: return "revoked";
    }
    return {};
}

std::string_view name_of(held_because because) {
    switch (because) {
        case held_because::accepted: return "accepted";
        case held_because::assigned: return "assigned";
        case held_because::begun: return "begun";
        case held_because::reopened: return "reopened";
        case held_because::consulted: return "consulted";
    }
    return {};
}

std::string_view name_of(target which) {
    switch (which) {
        case target::first_response: return "first_response";
        case target::next_response: return "next_response";
        case target::resolution: return "resolution";
    }
    return {};
}

std::string_view name_of(presence state) {
    switch (state) {
        case presence::available: return "available";
        case presence::away: return "away";
        case presence::offline: return "offline";
    }
    return {};
}

}  // namespace kindred::dispatch
