#include "engine/dispatch/borrowing.hpp"

#include "engine/dispatch/estimates.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

bool borrows_from(const core& site, queue_no borrower, queue_no lender) {
    const auto& lenders = site.queues[borrower].lenders;
    return std::find(lenders.begin(), lenders.end(), lender) != lenders.end();
}

/// Nobody of its own waits, and somebody could begin at once.
bool is_idle(const core& site, queue_no number) {
    const queue_record& queue = site.queues[number];
    return queue.open && unoffered_in(site, number) == 0 && somebody_ready(site, number);
}

void begin(turn& now, queue_no borrower, queue_no lender, duration wait) {
    lend_agents(now.site, borrower, lender);
    now.say<borrowing_started>(now.site.queue_names.name(borrower), now.site.queue_names.name(lender), wait);
}

void end(turn& now, queue_no borrower, queue_no lender, duration wait) {
    take_agents_back(now.site, borrower, lender);
    now.say<borrowing_ended>(now.site.queue_names.name(borrower), now.site.queue_names.name(lender), wait);
}

bool follow_waits_of(turn& now, queue_no number) {
    core& site = now.site;
    const borrowing rule = site.queues[number].settings.borrow;
    const bool may = site.queues[number].configured && site.queues[number].open;
    const bool borrows = !site.queues[number].lenders.empty();
    if (!borrows && (!may || unoffered_in(site, number) == 0)) return false;
    const duration wait = estimate_without_help(site, number);
    const std::vector<queue_no> lenders = site.queues[number].lenders;
    for (const queue_no lender : lenders) {
        const bool named =
            std::find(rule.from.begin(), rule.from.end(), site.queue_names.name(lender)) != rule.from.end();
        const bool goes_on = may && named && site.queues[lender].open && wait > rule.below &&
                             estimate_without_help(site, lender) <= rule.below;
        if (!goes_on) end(now, number, lender, wait);
    }
    if (!may || wait < rule.above || unoffered_in(site, number) == 0) return false;
    bool began = false;
    for (const std::string& name : rule.from) {
        const auto lender = site.queue_names.find(name);
        const bool can =
            lender && site.queues[*lender].configured && !borrows_from(site, number, *lender) && is_idle(site, *lender);
        if (can) begin(now, number, *lender, wait);
        began = began || can;
    }
    return began;
}

}  // namespace

void find_borrowers(core& site) {
    site.may_borrow.clear();
    for (queue_no number = 0; number < site.queues.size(); ++number) {
        const queue_record& queue = site.queues[number];
        if (!queue.settings.borrow.from.empty() || !queue.lenders.empty()) site.may_borrow.push_back(number);
    }
    // Numbers depend on which names were heard first; what happens must not.
    std::sort(site.may_borrow.begin(), site.may_borrow.end(),
              [&](queue_no a, queue_no b) { return site.queue_names.name(a) < site.queue_names.name(b); });
}

bool follow_borrowers(turn& now) {
    bool began = false;
    for (const queue_no number : now.site.may_borrow) began = follow_waits_of(now, number) || began;
    return began;
}

void restore_lender(core& site, queue_no borrower, queue_no lender) {
    if (borrower != lender && !borrows_from(site, borrower, lender)) lend_agents(site, borrower, lender);
}

}  // namespace kindred::dispatch
