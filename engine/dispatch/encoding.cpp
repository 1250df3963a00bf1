#include "engine/dispatch/encoding.hpp"

#include "engine/dispatch/wire_settings.hpp"

namespace kindred::dispatch {
namespace wire {

template <>
inline constexpr std::uint8_t last_of<queued_because> = 5;
template <>
inline constexpr std::uint8_t last_of<offer_outcome> = 4;
template <>
inline constexpr std::uint8_t last_of<held_because> = 5;
template <>
inline constexpr std::uint8_t last_of<target> = 3;

// Commands. Members are append only.
template <>
inline constexpr std::tuple members_of<configure>{&configure::queues, &configure::not_responding_for};
template <>
inline constexpr std::tuple members_of<open_queue>{&open_queue::queue};
template <>
inline constexpr std::tuple members_of<close_queue>{&close_queue::queue};
template <>
inline constexpr std::tuple members_of<remove_agent>{&remove_agent::agent};
template <>
inline constexpr std::tuple members_of<set_presence>{&set_presence::agent, &set_presence::state, &set_presence::reason};
template <>
inline constexpr std::tuple members_of<agent_gone>{&agent_gone::agent};
template <>
inline constexpr std::tuple members_of<enqueue>{&enqueue::ticket, &enqueue::kind,       &enqueue::cost,
                                                &enqueue::plan,   &enqueue::last_agent, &enqueue::owner};
template <>
inline constexpr std::tuple members_of<reopen>{&reopen::ticket, &reopen::kind,       &reopen::cost,
                                               &reopen::plan,   &reopen::last_agent, &reopen::claim_for};
template <>
inline constexpr std::tuple members_of<accept>{&accept::offer, &accept::agent};
template <>
inline constexpr std::tuple members_of<decline>{&decline::offer, &decline::agent};
template <>
inline constexpr std::tuple members_of<resolve>{&resolve::ticket, &resolve::disposition};
template <>
inline constexpr std::tuple members_of<end_wrap_up>{&end_wrap_up::ticket};
template <>
inline constexpr std::tuple members_of<extend_wrap_up>{&extend_wrap_up::ticket, &extend_wrap_up::more};
template <>
inline constexpr std::tuple members_of<transfer>{&transfer::ticket,     &transfer::queue,
                                                 &transfer::agent,      &transfer::keep_requirements,
                                                 &transfer::head_start, &transfer::claim_for};
template <>
inline constexpr std::tuple members_of<assign>{&assign::ticket, &assign::agent};
template <>
inline constexpr std::tuple members_of<begin_held>{&begin_held::ticket, &begin_held::agent, &begin_held::kind,
                                                   &begin_held::cost, &begin_held::plan};
template <>
inline constexpr std::tuple members_of<abandon>{&abandon::ticket};
template <>
inline constexpr std::tuple members_of<snooze>{&snooze::ticket, &snooze::until, &snooze::claim_for};
template <>
inline constexpr std::tuple members_of<wake>{&wake::ticket};
template <>
inline constexpr std::tuple members_of<replan>{&replan::ticket, &replan::plan};
template <>
inline constexpr std::tuple members_of<set_priority>{&set_priority::ticket, &set_priority::head_start};
template <>
inline constexpr std::tuple members_of<agent_replied>{&agent_replied::ticket};
template <>
inline constexpr std::tuple members_of<customer_wrote>{&customer_wrote::ticket};
template <>
inline constexpr std::tuple members_of<remove_ticket>{&remove_ticket::ticket};
template <>
inline constexpr std::tuple members_of<tick>{};
template <>
inline constexpr std::tuple members_of<also_offer>{&also_offer::ticket, &also_offer::queue};

template <>
inline constexpr std::tuple members_of<consult>{&consult::ticket, &consult::agent};
template <>
inline constexpr std::tuple members_of<end_consult>{&end_consult::ticket};
template <>
inline constexpr std::tuple members_of<take_over>{&take_over::ticket};
template <>
inline constexpr std::tuple members_of<call_back>{&call_back::ticket};
template <>
inline constexpr std::tuple members_of<close_ticket>{&close_ticket::ticket, &close_ticket::disposition};
template <>
inline constexpr std::tuple members_of<close_until>{&close_until::queue, &close_until::until, &close_until::by};
template <>
inline constexpr std::tuple members_of<lift_closure>{&lift_closure::queue};
template <>
inline constexpr std::tuple members_of<set_notice>{&set_notice::queue, &set_notice::text, &set_notice::until,
                                                   &set_notice::by};
template <>
inline constexpr std::tuple members_of<lift_notice>{&lift_notice::queue};

// Events. Members are append only.
template <>
inline constexpr std::tuple members_of<ticket_queued>{&ticket_queued::ticket, &ticket_queued::queue,
                                                      &ticket_queued::because, &ticket_queued::overflowed_from,
                                                      &ticket_queued::claimed_for};
template <>
inline constexpr std::tuple members_of<claim_ended>{&claim_ended::ticket, &claim_ended::agent};
template <>
inline constexpr std::tuple members_of<offer_made>{&offer_made::offer, &offer_made::ticket, &offer_made::agent,
                                                   &offer_made::queue, &offer_made::expires_at};
template <>
inline constexpr std::tuple members_of<offer_closed>{&offer_closed::offer, &offer_closed::ticket, &offer_closed::agent,
                                                     &offer_closed::outcome, &offer_closed::reason};
template <>
inline constexpr std::tuple members_of<ticket_held>{&ticket_held::ticket, &ticket_held::agent, &ticket_held::because,
                                                    &ticket_held::over_capacity, &ticket_held::taken_from};
template <>
inline constexpr std::tuple members_of<step_advanced>{&step_advanced::ticket, &step_advanced::step,
                                                      &step_advanced::skipped};
template <>
inline constexpr std::tuple members_of<priority_changed>{&priority_changed::ticket, &priority_changed::head_start};
template <>
inline constexpr std::tuple members_of<target_missed>{&target_missed::ticket, &target_missed::which};
template <>
inline constexpr std::tuple members_of<ticket_released>{&ticket_released::ticket, &ticket_released::agent};
template <>
inline constexpr std::tuple members_of<ticket_resolved>{&ticket_resolved::ticket, &ticket_resolved::agent,
                                                        &ticket_resolved::disposition};
template <>
inline constexpr std::tuple members_of<wrap_up_started>{&wrap_up_started::ticket, &wrap_up_started::agent,
                                                        &wrap_up_started::until};
template <>
inline constexpr std::tuple members_of<wrap_up_ended>{&wrap_up_ended::ticket, &wrap_up_ended::agent};
template <>
inline constexpr std::tuple members_of<ticket_abandoned>{&ticket_abandoned::ticket, &ticket_abandoned::queue,
                                                         &ticket_abandoned::waited};
template <>
inline constexpr std::tuple members_of<ticket_snoozed>{&ticket_snoozed::ticket, &ticket_snoozed::agent,
                                                       &ticket_snoozed::until};
template <>
inline constexpr std::tuple members_of<ticket_removed>{&ticket_removed::ticket};
template <>
inline constexpr std::tuple members_of<agent_changed>{&agent_changed::agent, &agent_changed::state,
                                                      &agent_changed::reason};
template <>
inline constexpr std::tuple members_of<agent_removed>{&agent_removed::agent};
template <>
inline constexpr std::tuple members_of<queue_opened>{&queue_opened::queue};
template <>
inline constexpr std::tuple members_of<queue_closed>{&queue_closed::queue};
template <>
inline constexpr std::tuple members_of<ticket_also_offered>{&ticket_also_offered::ticket, &ticket_also_offered::queue};

template <>
inline constexpr std::tuple members_of<consult_started>{&consult_started::ticket, &consult_started::agent,
                                                        &consult_started::by};
template <>
inline constexpr std::tuple members_of<consult_ended>{&consult_ended::ticket, &consult_ended::agent,
                                                      &consult_ended::reason};
template <>
inline constexpr std::tuple members_of<callback_requested>{&callback_requested::ticket, &callback_requested::queue};
template <>
inline constexpr std::tuple members_of<closure_set>{&closure_set::queue, &closure_set::until, &closure_set::by};
template <>
inline constexpr std::tuple members_of<closure_ended>{&closure_ended::queue, &closure_ended::lifted};
template <>
inline constexpr std::tuple members_of<notice_set>{&notice_set::queue, &notice_set::text, &notice_set::until,
                                                   &notice_set::by};
template <>
inline constexpr std::tuple members_of<notice_ended>{&notice_ended::queue, &notice_ended::lifted};
template <>
inline constexpr std::tuple members_of<borrowing_started>{&borrowing_started::queue, &borrowing_started::from,
                                                          &borrowing_started::estimated_wait};
template <>
inline constexpr std::tuple members_of<borrowing_ended>{&borrowing_ended::queue, &borrowing_ended::from,
                                                        &borrowing_ended::estimated_wait};

}  // namespace wire

namespace {

/// What was added to an alternative after journals held it. Nothing is written where it is as it was before, so that
/// every value has one spelling and older bytes are read as they were meant.
template <class Alternative>
void put_later(wire::writer&, const Alternative&) {}
template <class Alternative>
void get_later(wire::reader& bytes, Alternative&) {
    bytes.spoil();
}

void put_later(wire::writer& bytes, const configure& told) {
    std::vector<wire::later_queue_settings> later;
    for (const queue_settings& queue : told.queues) {
        if (wire::has_later_settings(queue)) later.push_back(wire::later_settings_of(queue));
    }
    if (later.empty() && told.pauses.empty() && told.interrupts.empty()) return;
    bytes.put(later);
    bytes.put(told.pauses);
    bytes.put(told.interrupts);
}
void get_later(wire::reader& bytes, configure& told) {
    std::vector<wire::later_queue_settings> later;
    bytes.get(later);
    bytes.get(told.pauses);
    bytes.get(told.interrupts);
    auto queue = told.queues.begin();
    for (wire::later_queue_settings& each : later) {
        while (queue != told.queues.end() && queue->name != each.queue) ++queue;
        if (queue == told.queues.end()) return bytes.spoil();
        wire::add_later_settings(*queue, std::move(each));
        if (!wire::has_later_settings(*queue)) bytes.spoil();
        ++queue;
    }
    if (later.empty() && told.pauses.empty() && told.interrupts.empty()) bytes.spoil();
}

template <class Closed>
void put_holiday(wire::writer& bytes, const Closed& told) {
    if (told.holiday) bytes.put(true);
}
template <class Closed>
void get_holiday(wire::reader& bytes, Closed& told) {
    bytes.get(told.holiday);
    if (!told.holiday) bytes.spoil();
}
void put_later(wire::writer& bytes, const close_queue& told) { put_holiday(bytes, told); }
void get_later(wire::reader& bytes, close_queue& told) { get_holiday(bytes, told); }
void put_later(wire::writer& bytes, const queue_closed& said) { put_holiday(bytes, said); }
void get_later(wire::reader& bytes, queue_closed& said) { get_holiday(bytes, said); }

template <class Alternative>
void get_whole(wire::reader& bytes, Alternative& value) {
    bytes.get(value);
    if (bytes.ok() && !bytes.at_end()) get_later(bytes, value);
}

template <class Variant>
void append_variant(std::string& out, const Variant& value) {
    wire::writer bytes(out);
    bytes.number(value.index());
    std::visit(
        [&](const auto& each) {
            bytes.put(each);
            put_later(bytes, each);
        },
        value);
}

template <class Variant, std::size_t... Index>
void read_alternative(wire::reader& bytes, std::uint64_t tag, Variant& value, std::index_sequence<Index...>) {
    const bool known = ((tag == Index && (get_whole(bytes, value.template emplace<Index>()), true)) || ...);
    if (!known) bytes.spoil();
}

template <class Variant>
result<Variant> decode_variant(std::string_view text, const char* what) {
    wire::reader bytes(text);
    const std::uint64_t tag = bytes.number();
    Variant value;
    read_alternative(bytes, tag, value, std::make_index_sequence<std::variant_size_v<Variant>>{});
    if (!bytes.ok() || !bytes.at_end()) {
        return fail(errc::corrupt, std::string("not one encoded dispatch ") + what + ": " +
                                       std::to_string(text.size()) + " bytes with tag " + std::to_string(tag));
    }
    return value;
}

}  // namespace

void append_encoded(std::string& out, const command& told) { append_variant(out, told); }
void append_encoded(std::string& out, const event& happened) { append_variant(out, happened); }

std::string encode(const command& told) {
    std::string out;
    append_variant(out, told);
    return out;
}
std::string encode(const event& happened) {
    std::string out;
    append_variant(out, happened);
    return out;
}

result<command> decode_command(std::string_view bytes) { return decode_variant<command>(bytes, "command"); }
result<event> decode_event(std::string_view bytes) { return decode_variant<event>(bytes, "event"); }

}  // namespace kindred::dispatch
