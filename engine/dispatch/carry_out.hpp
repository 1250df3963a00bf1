#pragma once
#include "engine/base/error.hpp"
#include "engine/dispatch/core.hpp"

/// One function a command: checks everything, then does it. Offers that became possible are made by settle()
/// afterwards.
namespace kindred::dispatch {

result<void> carry_out(turn& now, const configure& told);
result<void> carry_out(turn& now, const open_queue& told);
result<void> carry_out(turn& now, const close_queue& told);

result<void> carry_out(turn& now, const upsert_agent& told);
result<void> carry_out(turn& now, const remove_agent& told);
result<void> carry_out(turn& now, const set_presence& told);
result<void> carry_out(turn& now, const agent_gone& told);

result<void> carry_out(turn& now, const enqueue& told);
result<void> carry_out(turn& now, const reopen& told);
result<void> carry_out(turn& now, const begin_held& told);
result<void> carry_out(turn& now, const transfer& told);
result<void> carry_out(turn& now, const replan& told);
result<void> carry_out(turn& now, const set_priority& told);
result<void> carry_out(turn& now, const also_offer& told);
result<void> carry_out(turn& now, const abandon& told);
result<void> carry_out(turn& now, const remove_ticket& told);

result<void> carry_out(turn& now, const accept& told);
result<void> carry_out(turn& now, const decline& told);
result<void> carry_out(turn& now, const assign& told);
result<void> carry_out(turn& now, const resolve& told);
result<void> carry_out(turn& now, const end_wrap_up& told);
result<void> carry_out(turn& now, const extend_wrap_up& told);
result<void> carry_out(turn& now, const snooze& told);
result<void> carry_out(turn& now, const wake& told);
result<void> carry_out(turn& now, const agent_replied& told);
result<void> carry_out(turn& now, const customer_wrote& told);

result<void> carry_out(turn& now, const consult& told);
result<void> carry_out(turn& now, const end_consult& told);
result<void> carry_out(turn& now, const take_over& told);
result<void> carry_out(turn& now, const call_back& told);
result<void> carry_out(turn& now, const close_ticket& told);

result<void> carry_out(turn& now, const close_until& told);
result<void> carry_out(turn& now, const lift_closure& told);
result<void> carry_out(turn& now, const set_notice& told);
result<void> carry_out(turn& now, const lift_notice& told);

result<void> carry_out(turn& now, const tick& told);

/// errc::invalid where a setting is out of range.
result<void> check_queue(const queue_settings& queue);

/// Changes presence with all that follows. Nothing happens where it is the same already.
void change_presence(turn& now, slot_no agent, presence state, std::string_view reason);

}  // namespace kindred::dispatch
