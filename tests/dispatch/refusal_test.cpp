#include "dispatch/support/site.hpp"

#include <functional>
#include <set>

// Every command about a ticket in every state of a ticket: carried out, or refused by name with nothing changed.
namespace kindred::dispatch::testing {
namespace {

constexpr ticket_id subject{1};
constexpr agent_id ann{1};
constexpr agent_id bo{2};

enum class situation { unknown, waiting, offered, held, snoozed, wrapping_up };

/// A site in which ticket 1 is in the situation asked for; Bo is on a break, so that Ann gets everything.
small_site site_with(situation wanted) {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.wrap_up = {{channel_kind::chat, duration{60'000}}};
    queue_settings desk = queue_named("desk");
    desk.wrap_up = sales.wrap_up;
    site.must(configure{{sales, queue_named("billing"), desk}, {}});
    site.add_agent(ann.value, {"sales"});
    site.add_agent(bo.value, {"billing"});
    if (wanted == situation::unknown) return site;
    if (wanted == situation::waiting) site.must(set_presence{ann, presence::away, "lunch"});
    site.add_ticket(subject.value, plan_for("sales"));
    if (wanted == situation::waiting || wanted == situation::offered) return site;
    site.accept_by(subject.value, ann.value);
    if (wanted == situation::snoozed) site.must(snooze{subject, site.now + duration{60'000}, {}});
    if (wanted == situation::wrapping_up) site.must(resolve{subject, "done"});
    return site;
}

struct row {
    command told;
    /// The first word of the refusal in each situation, in their order; empty: carried out.
    std::array<const char*, 6> refusals;
};

const char* const unknown = "unknown_ticket";
const char* const ok = "";

std::vector<row> rows() {
    const ticket_plan other = plan_for("billing");
    const time_point later = from_millis(1'700'000'600'000);
    return {
        {enqueue{subject, channel_kind::chat, 1, other, {}, {}},
         {ok, "ticket_open", "ticket_open", "ticket_open", "ticket_open", "ticket_open"}},
        {reopen{subject, channel_kind::chat, 1, other, ann, duration{1'000}},
         {ok, "ticket_open", "ticket_open", "ticket_open", "ticket_open", ok}},
        {begin_held{subject, ann, channel_kind::chat, 1, other},
         {ok, "ticket_open", "ticket_open", "ticket_open", "ticket_open", "ticket_open"}},
        {resolve{subject, "done"},
         {unknown, "ticket_not_held", "ticket_not_held", ok, "ticket_not_held", "ticket_not_held"}},
        {end_wrap_up{subject},
         {unknown, "ticket_not_in_wrap_up", "ticket_not_in_wrap_up", "ticket_not_in_wrap_up", "ticket_not_in_wrap_up",
          ok}},
        {extend_wrap_up{subject, duration{5'000}},
         {unknown, "ticket_not_in_wrap_up", "ticket_not_in_wrap_up", "ticket_not_in_wrap_up", "ticket_not_in_wrap_up",
          ok}},
        {transfer{subject, "billing", {}, true, {}, {}}, {unknown, ok, ok, ok, "ticket_not_held", "ticket_not_held"}},
        {transfer{subject, "", bo, true, {}, {}}, {unknown, ok, ok, ok, "ticket_not_held", "ticket_not_held"}},
        {transfer{subject, "", {}, true, {}, {}},
         {unknown, "no_destination", "no_destination", "no_destination", "ticket_not_held", "ticket_not_held"}},
        {transfer{subject, "nowhere", {}, true, {}, {}},
         {unknown, "unknown_queue", "unknown_queue", "unknown_queue", "ticket_not_held", "ticket_not_held"}},
        {assign{subject, bo}, {unknown, ok, ok, ok, ok, "ticket_in_wrap_up"}},
        {assign{subject, ann}, {unknown, ok, ok, "already_held", ok, "ticket_in_wrap_up"}},
        {assign{subject, agent_id{9}},
         {unknown, "unknown_agent", "unknown_agent", "unknown_agent", "unknown_agent", "unknown_agent"}},
        {abandon{subject}, {unknown, ok, ok, ok, ok, "ticket_not_waiting"}},
        {snooze{subject, later, {}},
         {unknown, "ticket_not_held", "ticket_not_held", ok, "ticket_not_held", "ticket_not_held"}},
        {snooze{subject, from_millis(0), {}},
         {unknown, "ticket_not_held", "ticket_not_held", "invalid_time", "ticket_not_held", "ticket_not_held"}},
        {wake{subject},
         {unknown, "ticket_not_snoozed", "ticket_not_snoozed", "ticket_not_snoozed", ok, "ticket_not_snoozed"}},
        {replan{subject, other}, {unknown, ok, ok, "ticket_not_waiting", "ticket_not_waiting", "ticket_not_waiting"}},
        {set_priority{subject, duration{5'000}},
         {unknown, ok, ok, "ticket_not_waiting", "ticket_not_waiting", "ticket_not_waiting"}},
        {agent_replied{subject}, {unknown, ok, ok, ok, ok, "ticket_in_wrap_up"}},
        {customer_wrote{subject}, {unknown, ok, ok, ok, ok, "ticket_in_wrap_up"}},
        {remove_ticket{subject}, {unknown, ok, ok, ok, ok, ok}},
        {accept{offer_id{1}, ann},
         {"unknown_offer", "unknown_offer", ok, "unknown_offer", "unknown_offer", "unknown_offer"}},
        {accept{offer_id{1}, bo},
         {"unknown_offer", "unknown_offer", "not_your_offer", "unknown_offer", "unknown_offer", "unknown_offer"}},
        {decline{offer_id{1}, ann},
         {"unknown_offer", "unknown_offer", ok, "unknown_offer", "unknown_offer", "unknown_offer"}},
        {remove_agent{ann}, {ok, ok, ok, "agent_holds_tickets", ok, "agent_holds_tickets"}},
        {also_offer{subject, "billing"},
         {unknown, ok, ok, "ticket_not_waiting", "ticket_not_waiting", "ticket_not_waiting"}},
        {also_offer{subject, "nowhere"},
         {unknown, "unknown_queue", "unknown_queue", "ticket_not_waiting", "ticket_not_waiting", "ticket_not_waiting"}},
        {consult{subject, bo},
         {unknown, "ticket_not_held", "ticket_not_held", ok, "ticket_not_held", "ticket_not_held"}},
        {consult{subject, ann},
         {unknown, "ticket_not_held", "ticket_not_held", "already_held", "ticket_not_held", "ticket_not_held"}},
        {consult{subject, agent_id{9}},
         {unknown, "ticket_not_held", "ticket_not_held", "unknown_agent", "ticket_not_held", "ticket_not_held"}},
        {end_consult{subject},
         {unknown, "ticket_not_held", "ticket_not_held", "not_consulting", "ticket_not_held", "ticket_not_held"}},
        {take_over{subject},
         {unknown, "ticket_not_held", "ticket_not_held", "not_consulting", "ticket_not_held", "ticket_not_held"}},
        {call_back{subject}, {unknown, ok, ok, "ticket_not_waiting", "ticket_not_waiting", "ticket_not_waiting"}},
        {close_ticket{subject, "merged"}, {unknown, ok, ok, ok, ok, "ticket_in_wrap_up"}},
        {close_ticket{subject, std::string(201, 'x')},
         {unknown, "invalid_disposition", "invalid_disposition", "invalid_disposition", "invalid_disposition",
          "ticket_in_wrap_up"}},
        {resolve{subject, std::string(201, 'x')},
         {unknown, "ticket_not_held", "ticket_not_held", "invalid_disposition", "ticket_not_held", "ticket_not_held"}},
        // Commands about agents and queues do not ask in which state tickets are.
        {set_presence{bo, presence::away, "lunch"}, {ok, ok, ok, ok, ok, ok}},
        {agent_gone{ann}, {ok, ok, ok, ok, ok, ok}},
        {upsert_agent{bo, {{"billing", 0}}, {}, {}, 5}, {ok, ok, ok, ok, ok, ok}},
        {open_queue{"sales"}, {"queue_open", "queue_open", "queue_open", "queue_open", "queue_open", "queue_open"}},
        {close_queue{"sales"}, {ok, ok, ok, ok, ok, ok}},
        {close_until{"sales", later, "sam"}, {ok, ok, ok, ok, ok, ok}},
        {close_until{"nowhere", later, "sam"},
         {"unknown_queue", "unknown_queue", "unknown_queue", "unknown_queue", "unknown_queue", "unknown_queue"}},
        {close_until{"sales", from_millis(0), "sam"},
         {"invalid_time", "invalid_time", "invalid_time", "invalid_time", "invalid_time", "invalid_time"}},
        {lift_closure{"sales"},
         {"not_closed_by_hand", "not_closed_by_hand", "not_closed_by_hand", "not_closed_by_hand", "not_closed_by_hand",
          "not_closed_by_hand"}},
        {set_notice{"sales", "busy", later, "sam"}, {ok, ok, ok, ok, ok, ok}},
        {set_notice{"sales", "", later, "sam"},
         {"invalid_notice", "invalid_notice", "invalid_notice", "invalid_notice", "invalid_notice", "invalid_notice"}},
        {lift_notice{"sales"}, {"no_notice", "no_notice", "no_notice", "no_notice", "no_notice", "no_notice"}},
        {configure{{queue_named("sales"), queue_named("billing")}, {}}, {ok, ok, ok, ok, ok, ok}},
        {tick{}, {ok, ok, ok, ok, ok, ok}},
    };
}

/// Carried out where `refusal` is empty; else refused by that name, with nothing said and nothing changed.
void expect_outcome(small_site& site, const command& told, const std::string& refusal) {
    const std::uint64_t before = site.core.state_hash();
    const auto done = site.tell(told);
    if (refusal.empty()) {
        EXPECT_TRUE(done) << done.error().message;
        return;
    }
    ASSERT_FALSE(done) << "not refused as " << refusal;
    EXPECT_EQ(done.error().message.substr(0, done.error().message.find(':')), refusal);
    EXPECT_TRUE(site.happened.empty());
    EXPECT_EQ(site.core.state_hash(), before);
}

TEST(Refusal, EveryCommandInEveryStateIsCarriedOutOrRefusedByNameWithNothingChanged) {
    for (const row& each : rows()) {
        for (std::size_t at = 0; at < each.refusals.size(); ++at) {
            SCOPED_TRACE(std::string(name_of(each.told)) + " in situation " + std::to_string(at));
            small_site site = site_with(static_cast<situation>(at));
            expect_outcome(site, each.told, each.refusals[at]);
        }
    }
}

TEST(Refusal, TheTableLeavesNoCommandOut) {
    std::set<std::size_t> told;
    for (const row& each : rows()) told.insert(each.told.index());
    EXPECT_EQ(told.size(), std::variant_size_v<command>);
}

/// Everything about an agent in whatever state it may be.
enum class desk { unknown, offline, away, free, offered, talking, wrapping_up, consulted };
constexpr std::array all_desks{desk::unknown, desk::offline, desk::away,        desk::free,
                               desk::offered, desk::talking, desk::wrapping_up, desk::consulted};

/// Agent 3 in the state asked for, beside a ticket 1 in the situation asked for. Ticket 20 is what agent 3 works on.
small_site site_with(situation wanted, desk state) {
    small_site site = site_with(wanted);
    if (state == desk::unknown) return site;
    site.add_agent(3, {"desk"});
    if (state == desk::offline) site.must(set_presence{agent_id{3}, presence::offline, {}});
    if (state == desk::away) site.must(set_presence{agent_id{3}, presence::away, "lunch"});
    if (state == desk::offline || state == desk::away || state == desk::free) return site;
    if (state == desk::consulted) {
        site.must(begin_held{ticket_id{20}, bo, channel_kind::chat, 1, plan_for("billing")});
        site.must(consult{ticket_id{20}, agent_id{3}});
        return site;
    }
    site.add_ticket(20, plan_for("desk"));
    if (state == desk::offered) return site;
    site.accept_by(20, 3);
    if (state == desk::wrapping_up) site.must(resolve{ticket_id{20}, "done"});
    return site;
}

constexpr agent_id third{3};

/// What a command that names the third agent must lead to, by what the ticket and the agent are.
struct agent_row {
    command told;
    std::function<std::string(situation, desk)> refusal;
};

std::string not_held_in(situation at) {
    if (at == situation::unknown) return "unknown_ticket";
    return at == situation::held ? "" : "ticket_not_held";
}
std::string not_there(desk state) {
    if (state == desk::unknown) return "unknown_agent";
    return state == desk::offline || state == desk::away ? "agent_not_present" : "";
}
std::string not_known(situation, desk state) { return state == desk::unknown ? "unknown_agent" : ""; }

std::vector<agent_row> agent_rows() {
    return {
        {assign{subject, third},
         [](situation at, desk state) -> std::string {
             if (at == situation::unknown) return "unknown_ticket";
             if (state == desk::unknown) return "unknown_agent";
             return at == situation::wrapping_up ? "ticket_in_wrap_up" : "";
         }},
        {transfer{subject, "", third, true, {}, {}},
         [](situation at, desk state) -> std::string {
             if (at == situation::unknown) return "unknown_ticket";
             if (at == situation::snoozed || at == situation::wrapping_up) return "ticket_not_held";
             return not_there(state);
         }},
        {consult{subject, third},
         [](situation at, desk state) {
             const std::string refusal = not_held_in(at);
             return refusal.empty() ? not_there(state) : refusal;
         }},
        {begin_held{ticket_id{30}, third, channel_kind::chat, 1, plan_for("billing")}, not_known},
        {set_presence{third, presence::available, {}}, not_known},
        {set_presence{third, presence::away, "tea"}, not_known},
        {set_presence{third, presence::offline, {}}, not_known},
        {set_presence{third, presence::away, std::string(201, 'x')},
         [](situation, desk state) -> std::string {
             return state == desk::unknown ? "unknown_agent" : "invalid_reason";
         }},
        {agent_gone{third}, not_known},
        {remove_agent{third},
         [](situation, desk state) -> std::string {
             if (state == desk::unknown) return "unknown_agent";
             return state == desk::talking || state == desk::wrapping_up ? "agent_holds_tickets" : "";
         }},
        {upsert_agent{third, {{"desk", 0}}, {}, {}, 10}, [](situation, desk) { return std::string(); }},
        {accept{offer_id{999}, third}, [](situation, desk) { return std::string("unknown_offer"); }},
        {decline{offer_id{999}, third}, [](situation, desk) { return std::string("unknown_offer"); }},
        {resolve{ticket_id{20}, "done"},
         [](situation, desk state) -> std::string {
             if (state == desk::talking || state == desk::consulted) return "";
             return state == desk::offered || state == desk::wrapping_up ? "ticket_not_held" : "unknown_ticket";
         }},
        {take_over{ticket_id{20}},
         [](situation, desk state) -> std::string {
             if (state == desk::consulted) return "";
             if (state == desk::talking) return "not_consulting";
             return state == desk::offered || state == desk::wrapping_up ? "ticket_not_held" : "unknown_ticket";
         }},
    };
}

TEST(Refusal, EveryCommandThatNamesAnAgentInEveryStateOfTicketAndAgent) {
    for (const agent_row& each : agent_rows()) {
        for (std::size_t at = 0; at <= static_cast<std::size_t>(situation::wrapping_up); ++at) {
            for (const desk state : all_desks) {
                SCOPED_TRACE(std::string(name_of(each.told)) + " in situation " + std::to_string(at) + ", desk " +
                             std::to_string(static_cast<int>(state)));
                small_site site = site_with(static_cast<situation>(at), state);
                expect_outcome(site, each.told, each.refusal(static_cast<situation>(at), state));
            }
        }
    }
}

TEST(Refusal, WhatThirdsDoChangesNoneOfIt) {
    for (const row& each : rows()) {
        for (std::size_t at = 0; at < each.refusals.size(); ++at) {
            for (const desk state : all_desks) {
                // It would have to be offered work of its own to be in the way.
                if (state == desk::offered || state == desk::talking || state == desk::wrapping_up) continue;
                if (state == desk::consulted) continue;
                SCOPED_TRACE(std::string(name_of(each.told)) + " in situation " + std::to_string(at));
                small_site site = site_with(static_cast<situation>(at), state);
                expect_outcome(site, each.told, each.refusals[at]);
            }
        }
    }
}

struct bad_field {
    const char* name;
    command told;
};

TEST(Refusal, FieldsOutOfRangeAreInvalid) {
    const auto agent_with = [](auto change) {
        upsert_agent told{agent_id{5}, {}, {}, {}, 10};
        change(told);
        return command(told);
    };
    const auto ticket_with = [](auto change) {
        enqueue told{ticket_id{5}, channel_kind::chat, 1, plan_for("sales"), {}, {}};
        change(told);
        return command(told);
    };
    const auto queue_with = [](auto change) {
        queue_settings queue = queue_named("sales");
        change(queue);
        return command(configure{{queue}, {}});
    };
    const duration too_long{400LL * 366 * 24 * 3'600'000};
    const std::vector<bad_field> fields{
        {"invalid_agent", agent_with([](auto& a) { a.agent = {}; })},
        {"invalid_capacity", agent_with([](auto& a) { a.capacity = 0; })},
        {"invalid_level", agent_with([](auto& a) { a.abilities = {skill("x", 11)}; })},
        {"invalid_name", agent_with([](auto& a) {
             a.queues = {{"", 0}};
         })},
        {"duplicate_queue", agent_with([](auto& a) {
             a.queues = {{"a", 0}, {"a", 1}};
         })},
        {"invalid_ticket", ticket_with([](auto& t) { t.ticket = {}; })},
        {"invalid_cost", ticket_with([](auto& t) { t.cost = 0; })},
        {"unknown_queue", ticket_with([](auto& t) { t.plan.queue = "nowhere"; })},
        {"invalid_duration", ticket_with([&](auto& t) { t.plan.head_start = too_long; })},
        {"invalid_duration", ticket_with([](auto& t) { t.plan.resolution = duration{-1}; })},
        {"invalid_level", ticket_with([](auto& t) {
             t.plan.steps = {{{skill("x", 0)}, {}, false}};
         })},
        {"too_many_steps", ticket_with([](auto& t) { t.plan.steps.resize(33); })},
        {"invalid_name", queue_with([](auto& q) { q.name.clear(); })},
        {"invalid_offer", queue_with([](auto& q) { q.offer.to = 51; })},
        {"invalid_offer", queue_with([](auto& q) { q.offer.expires = duration{0}; })},
        {"unknown_queue", queue_with([](auto& q) { q.overflow = "nowhere"; })},
        {"duplicate_queue", configure{{queue_named("a"), queue_named("a")}, {}}},
        {"queue_open", open_queue{"sales"}},
        {"unknown_queue", close_queue{"nowhere"}},
        {"unknown_agent", set_presence{agent_id{77}, presence::away, {}}},
        {"unknown_agent", agent_gone{agent_id{77}}},
        {"invalid_time", snooze{subject, from_millis(std::numeric_limits<std::int64_t>::max()), {}}},
    };
    for (const bad_field& each : fields) {
        SCOPED_TRACE(std::string(name_of(each.told)) + " " + each.name);
        small_site site = site_with(situation::held);
        const std::uint64_t before = site.core.state_hash();
        const auto done = site.tell(each.told);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().message.substr(0, done.error().message.find(':')), each.name);
        EXPECT_EQ(site.core.state_hash(), before);
    }
}

TEST(Refusal, AFullQueueOverflowsThenRefusesBeforeAnythingIsAccepted) {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.limit = 1;
    sales.overflow = "general";
    queue_settings general = queue_named("general");
    general.limit = 1;
    general.overflow = "sales";
    site.must(configure{{sales, general}, {}});
    site.add_ticket(1, plan_for("sales"));
    site.add_ticket(2, plan_for("sales"));
    ASSERT_EQ(site.said<ticket_queued>().size(), 1U);
    EXPECT_EQ(site.said<ticket_queued>()[0].queue, "general");
    EXPECT_EQ(site.said<ticket_queued>()[0].overflowed_from, "sales");
    const auto done = site.tell(enqueue{ticket_id{3}, channel_kind::chat, 1, plan_for("sales"), {}, {}});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::overloaded);
    EXPECT_EQ(site.core.open_tickets(), 2U);
}

TEST(Refusal, AClosedQueueHoldsOverflowsOrRefusesAsItIsSet) {
    for (const closed_handling handling : {closed_handling::hold, closed_handling::overflow, closed_handling::refuse}) {
        small_site site;
        queue_settings sales = queue_named("sales");
        sales.when_closed = handling;
        sales.overflow = "general";
        site.must(configure{{sales, queue_named("general")}, {}});
        site.must(close_queue{"sales"});
        const auto done = site.tell(enqueue{ticket_id{1}, channel_kind::chat, 1, plan_for("sales"), {}, {}});
        if (handling == closed_handling::refuse) {
            ASSERT_FALSE(done);
            EXPECT_EQ(done.error().code, errc::unavailable);
        } else {
            ASSERT_TRUE(done);
            EXPECT_EQ(site.said<ticket_queued>()[0].queue, handling == closed_handling::hold ? "sales" : "general");
        }
    }
}

}  // namespace
}  // namespace kindred::dispatch::testing
