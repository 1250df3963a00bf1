#include "engine/dispatch/overrides.hpp"

#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/refusal.hpp"

namespace kindred::dispatch {

namespace {

result<void> check_until(const core& site, time_point until) {
    if (!is_sane(until) || until <= site.now) {
        return refuse(errc::invalid, "invalid_time", "until must lie in the future");
    }
    return check_span(until - site.now, "until");
}

result<void> check_by(const std::string& by) {
    if (by.size() <= longest_name) return {};
    return refuse(errc::invalid, "invalid_name", "by must have at most 200 bytes");
}

void end_closure(turn& now, queue_no number, bool lifted) {
    queue_record& queue = now.site.queues[number];
    queue.closed_until.reset();
    now.say<closure_ended>(queue.settings.name, lifted);
    follow_hours(now, number);
    rearm_queue(now.site, number);
}

void end_notice(turn& now, queue_no number, bool lifted) {
    queue_record& queue = now.site.queues[number];
    queue.notice.clear();
    queue.notice_until = {};
    rearm_queue(now.site, number);
    now.say<notice_ended>(queue.settings.name, lifted);
}

}  // namespace

bool fire_override(turn& now, queue_no number) {
    const queue_record& queue = now.site.queues[number];
    const bool closure_over = queue.closed_until && *queue.closed_until <= now.site.now;
    const bool notice_over = !queue.notice.empty() && queue.notice_until <= now.site.now;
    if (closure_over) end_closure(now, number, false);
    if (notice_over) end_notice(now, number, false);
    return closure_over || notice_over;
}

result<void> carry_out(turn& now, const close_until& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    if (auto by = check_by(told.by); !by) return by;
    if (auto until = check_until(now.site, told.until); !until) return until;
    now.site.queues[*number].closed_until = told.until;
    now.say<closure_set>(told.queue, told.until, told.by);
    follow_hours(now, *number);
    rearm_queue(now.site, *number);
    return {};
}

result<void> carry_out(turn& now, const lift_closure& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    if (!now.site.queues[*number].closed_until) {
        return refuse(errc::conflict, "not_closed_by_hand", "nobody closed queue \"" + told.queue + "\" by hand");
    }
    end_closure(now, *number, true);
    return {};
}

result<void> carry_out(turn& now, const set_notice& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    if (auto by = check_by(told.by); !by) return by;
    if (told.text.empty() || told.text.size() > longest_notice) {
        return refuse(errc::invalid, "invalid_notice", "text must have 1 to 2000 bytes");
    }
    if (auto until = check_until(now.site, told.until); !until) return until;
    queue_record& queue = now.site.queues[*number];
    queue.notice = told.text;
    queue.notice_until = told.until;
    rearm_queue(now.site, *number);
    now.say<notice_set>(told.queue, told.text, told.until, told.by);
    return {};
}

result<void> carry_out(turn& now, const lift_notice& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    if (now.site.queues[*number].notice.empty()) {
        return refuse(errc::conflict, "no_notice", "queue \"" + told.queue + "\" has no notice");
    }
    end_notice(now, *number, true);
    return {};
}

}  // namespace kindred::dispatch
