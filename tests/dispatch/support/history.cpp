#include "dispatch/support/history.hpp"

#include <array>

namespace kindred::dispatch::testing {

namespace {

constexpr std::array queue_names{"sales", "billing", "concierge", "general"};
constexpr std::array skill_names{"refunds", "contracts", "onboarding"};
constexpr std::array language_names{"en", "es"};
constexpr std::uint64_t agent_count = 7;

}  // namespace

std::vector<command> history::opening() {
    std::vector<command> told;
    told.emplace_back(random_configuration());
    for (std::uint64_t each = 1; each <= agent_count; ++each) {
        told.emplace_back(random_agent(agent_id{each}));
        if (!dice_.one_in(4)) told.emplace_back(set_presence{agent_id{each}, presence::available, {}});
    }
    return told;
}

configure history::random_configuration() {
    configure told;
    for (const char* name : queue_names) {
        if (told.queues.size() > 1 && dice_.one_in(8)) continue;
        queue_settings queue;
        queue.name = name;
        queue.order = static_cast<serving_order>(1 + dice_.below(3));
        queue.choose = static_cast<agent_choice>(1 + dice_.below(4));
        queue.offer.to = static_cast<std::uint32_t>(dice_.one_in(3) ? 1 + dice_.below(3) : 1);
        queue.offer.expires = duration{1} + dice_.seconds(30);
        queue.offer.after_decline = dice_.seconds(60);
        queue.prefer = static_cast<preference>(1 + dice_.below(3));
        queue.prefer_for = dice_.seconds(30);
        for (const channel_kind kind : all_channel_kinds) {
            if (dice_.one_in(2)) queue.wrap_up.emplace_back(kind, dice_.seconds(40));
        }
        if (dice_.one_in(3)) queue.limit = static_cast<std::uint32_t>(1 + dice_.below(6));
        queue.when_closed = static_cast<closed_handling>(1 + dice_.below(3));
        told.queues.push_back(queue);
    }
    for (queue_settings& queue : told.queues) {
        if (dice_.one_in(2)) queue.overflow = told.queues[dice_.below(told.queues.size())].name;
    }
    if (!dice_.one_in(4)) told.not_responding_for = dice_.seconds(60);
    for (queue_settings& queue : told.queues) {
        if (dice_.one_in(4)) queue.closed_overflow = told.queues[dice_.below(told.queues.size())].name;
        if (dice_.one_in(4)) queue.when_holiday = static_cast<closed_handling>(1 + dice_.below(4));
        if (!dice_.one_in(3)) continue;
        const std::string& lender = told.queues[dice_.below(told.queues.size())].name;
        if (lender != queue.name) queue.borrow = {{lender}, duration{20'000} + dice_.seconds(60), dice_.seconds(20)};
    }
    if (dice_.one_in(3)) told.pauses = {{channel_kind::phone, {channel_kind::chat, channel_kind::social}}};
    if (dice_.one_in(3)) told.interrupts = {{channel_kind::phone, {channel_kind::email, channel_kind::forum}}};
    return told;
}

upsert_agent history::random_agent(agent_id id) {
    upsert_agent told{id, {}, {}, {}, static_cast<std::uint32_t>(1 + dice_.below(12))};
    for (const char* name : queue_names) {
        if (dice_.one_in(2)) told.queues.push_back({name, static_cast<std::uint32_t>(dice_.one_in(3) ? 1 : 0)});
    }
    for (const char* name : skill_names) {
        if (dice_.one_in(2)) {
            told.abilities.push_back({ability_kind::skill, name, static_cast<std::uint8_t>(1 + dice_.below(10))});
        }
    }
    for (const char* name : language_names) {
        if (!dice_.one_in(3)) {
            told.abilities.push_back({ability_kind::language, name, static_cast<std::uint8_t>(1 + dice_.below(10))});
        }
    }
    if (dice_.one_in(4)) told.kinds = {random_kind(), random_kind()};
    return told;
}

std::vector<step> history::random_steps() {
    std::vector<step> steps(dice_.below(4));
    for (step& each : steps) {
        if (dice_.one_in(2)) {
            each.require.push_back(
                {ability_kind::skill, skill_names[dice_.below(3)], static_cast<std::uint8_t>(1 + dice_.below(10))});
        }
        if (dice_.one_in(3)) each.require.push_back({ability_kind::language, language_names[dice_.below(2)], 1});
        if (!dice_.one_in(4)) each.lasts = dice_.seconds(30);
        each.skip_if_nobody = dice_.one_in(2);
    }
    return steps;
}

ticket_plan history::random_plan() {
    ticket_plan plan;
    plan.queue = random_queue();
    plan.head_start = duration{static_cast<std::int64_t>(dice_.below(4)) * 10'000 - 10'000};
    plan.steps = random_steps();
    if (dice_.one_in(3)) plan.first_response = dice_.seconds(60);
    if (dice_.one_in(3)) plan.next_response = dice_.seconds(60);
    if (dice_.one_in(4)) plan.resolution = dice_.seconds(300);
    return plan;
}

std::string history::random_queue() { return queue_names[dice_.below(queue_names.size())]; }
agent_id history::random_agent_id() { return agent_id{1 + dice_.below(agent_count)}; }
ticket_id history::random_ticket_id() {
    const std::uint64_t recent = std::min<std::uint64_t>(last_ticket_, 25);
    return ticket_id{last_ticket_ - dice_.below(recent + 1) + (dice_.one_in(30) ? 1 : 0)};
}
channel_kind history::random_kind() { return all_channel_kinds[dice_.below(all_channel_kinds.size())]; }

command history::next(const dispatcher& site) {
    // Clocks jump now and then, backwards too: a tick that comes late must find its way.
    if (dice_.one_in(200)) {
        now_ -= dice_.seconds(5);
    } else {
        now_ += dice_.one_in(100) ? dice_.seconds(600) : dice_.seconds(3);
    }
    const auto due = site.next_due();
    if (due && *due <= now_ && !dice_.one_in(6)) return tick{};
    switch (dice_.below(8)) {
        case 0:
        case 1: {
            const auto cost = static_cast<std::uint32_t>(1 + dice_.below(4));
            if (dice_.one_in(8))
                return reopen{random_ticket_id(), random_kind(),     cost,
                              random_plan(),      random_agent_id(), dice_.seconds(40)};
            return enqueue{ticket_id{++last_ticket_}, random_kind(),    cost, random_plan(),
                           random_agent_id(),         random_agent_id()};
        }
        case 2:
        case 3: return next_about_offers(site);
        case 4:
        case 5: return next_about_held(site);
        case 6: return next_about_waiting();
        default: return next_about_agents(site);
    }
}

command history::next_about_offers(const dispatcher& site) {
    for (int attempts = 0; attempts < 6; ++attempts) {
        const agent_id agent = random_agent_id();
        const auto offers = site.offers_of(agent);
        if (offers.empty()) continue;
        const offer_id offer = offers[dice_.below(offers.size())].offer;
        const agent_id by = dice_.one_in(30) ? random_agent_id() : agent;
        if (dice_.one_in(3)) return decline{offer, by};
        return accept{offer, by};
    }
    return accept{offer_id{dice_.below(50)}, random_agent_id()};
}

command history::next_about_held(const dispatcher& site) {
    ticket_id ticket = random_ticket_id();
    for (int attempts = 0; attempts < 6 && !dice_.one_in(8); ++attempts) {
        const auto held = site.tickets_of(random_agent_id());
        if (!held.empty()) ticket = held[dice_.below(held.size())];
    }
    switch (dice_.below(17)) {
        case 12:
        case 13: return consult{ticket, random_agent_id()};
        case 14: return end_consult{ticket};
        case 15: return take_over{ticket};
        case 16: return close_ticket{ticket, "merged"};
        case 0: return transfer{ticket, random_queue(), {}, dice_.one_in(2), {}, dice_.seconds(30)};
        case 1: return transfer{ticket, {}, random_agent_id(), dice_.one_in(2), duration{5'000}, dice_.seconds(30)};
        case 2: return end_wrap_up{ticket};
        case 3: return extend_wrap_up{ticket, dice_.seconds(30)};
        case 4: snoozed_ = ticket; return snooze{ticket, now_ + dice_.seconds(60), dice_.seconds(30)};
        case 5: return wake{dice_.one_in(4) ? ticket : snoozed_};
        case 6: return agent_replied{ticket};
        case 7: return customer_wrote{ticket};
        case 8: return reopen{ticket, random_kind(), 1, random_plan(), random_agent_id(), dice_.seconds(30)};
        default: return resolve{ticket, "done"};
    }
}

command history::next_about_waiting() {
    const ticket_id ticket = random_ticket_id();
    switch (dice_.below(12)) {
        case 10: return call_back{ticket};
        case 11: return close_ticket{ticket, "settled"};
        case 8:
        case 9: return also_offer{ticket, random_queue()};
        case 0: return replan{ticket, random_plan()};
        case 1: return set_priority{ticket, dice_.seconds(60)};
        case 2: return assign{ticket, random_agent_id()};
        case 3: return remove_ticket{ticket};
        case 4: return begin_held{ticket_id{++last_ticket_}, random_agent_id(), random_kind(), 2, random_plan()};
        case 5: return customer_wrote{ticket};
        case 6:
            return transfer{ticket, random_queue(),   dice_.one_in(2) ? random_agent_id() : agent_id{}, false,
                            {},     dice_.seconds(30)};
        default: return abandon{ticket};
    }
}

command history::next_about_agents(const dispatcher& site) {
    const agent_id agent = random_agent_id();
    switch (dice_.below(20)) {
        case 16: return close_until{random_queue(), now_ + dice_.seconds(120), "sam"};
        case 17: return lift_closure{random_queue()};
        case 18: return set_notice{random_queue(), "Longer waits today.", now_ + dice_.seconds(60), "sam"};
        case 19: return lift_notice{random_queue()};
        case 0: return random_configuration();
        case 1: return close_queue{random_queue(), dice_.one_in(3)};
        case 2:
        case 3: return open_queue{random_queue()};
        case 4: return random_agent(agent);
        case 5: {
            if (!dice_.one_in(4)) return random_agent(agent);
            // One that holds nothing, where there is one: others are refused, which is worth trying less often.
            for (const agent_id each : site.agents()) {
                if (site.tickets_of(each).empty() && !dice_.one_in(4)) return remove_agent{each};
            }
            return remove_agent{agent};
        }
        case 6: return agent_gone{agent};
        case 7: return set_presence{agent, presence::away, "lunch"};
        case 8: return set_presence{agent, presence::offline, {}};
        default: return set_presence{agent, presence::available, {}};
    }
}

}  // namespace kindred::dispatch::testing
