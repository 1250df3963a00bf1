#include "engine/runtime/people/roles.hpp"

#include "engine/runtime/people/audit.hpp"
#include "engine/runtime/people/roster_changes.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kindred::runtime {
namespace {

using enum permission;

permission_set read_permissions(const std::string& list) {
    return permissions_from(json::document::parse(list).value().root()).value();
}

TEST(permissions, have_names_of_their_own_that_find_them) {
    std::set<std::string_view> names;
    for (const auto& row : all_permissions()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_EQ(permission_named(row.name), row.one);
        EXPECT_EQ(name_of(row.one), row.name);
        EXPECT_TRUE(permission_set::all().has(row.one));
    }
    EXPECT_FALSE(permission_named("tickets"));
    EXPECT_FALSE(permission_named(""));
}

TEST(permissions, of_a_set_are_told_apart) {
    const auto some = tickets_read | customers_read;
    EXPECT_TRUE(some.has(tickets_read));
    EXPECT_FALSE(some.has(tickets_work));
    EXPECT_TRUE(some.includes(tickets_read));
    EXPECT_FALSE(some.includes(tickets_read | tickets_work));
    EXPECT_TRUE(some.overlaps(tickets_read | tickets_work));
    EXPECT_TRUE(some.includes({}));
    EXPECT_EQ(some.without(tickets_read), permission_set(customers_read));
    EXPECT_EQ(some.text(), "tickets.read, customers.read");
    EXPECT_EQ((some | audit_read).text(" and "), "tickets.read, customers.read and audit.read");
    EXPECT_EQ(permission_set().text(), "");
}

TEST(roles, that_are_built_in_permit_more_and_more) {
    const auto may = [](std::string_view name) { return built_in_role(name)->may; };
    EXPECT_TRUE(may("supervisor").includes(may("agent")));
    EXPECT_EQ(may("admin"), permission_set::all());
    EXPECT_TRUE(may("read-only").includes(tickets_read | customers_read | rules_read | audit_read));
    for (const auto& each : built_in_roles()) EXPECT_FALSE(lacking_in(each.may)) << each.name;
    for (const auto& row : all_permissions())
        EXPECT_EQ(may("read-only").has(row.one), row.name.ends_with(".read")) << row.name;
    EXPECT_EQ(built_in_role("boss"), nullptr);
}

TEST(roles, are_read_from_what_is_written) {
    const role support{"support", tickets_read | tickets_work, false};
    EXPECT_EQ(role_from_json("support", to_json(support)).value(), support);
    EXPECT_EQ(role_from_json("support", R"({"permissions":["tickets.read","of.tomorrow"]})").value().may,
              permission_set(tickets_read));
    for (const auto* wrong : {"", "{}", "[]", R"({"permissions":1})"})
        EXPECT_EQ(role_from_json("support", wrong).error().code, errc::corrupt) << wrong;
}

TEST(roles, say_what_is_wrong_with_permissions) {
    EXPECT_EQ(read_permissions(R"(["tickets.read","audit.read"])"), tickets_read | audit_read);
    for (const auto& [list, says] : std::initializer_list<std::pair<const char*, const char*>>{
             {"[]", "permissions: wants at least one"},
             {"{}", "permissions: wants a list"},
             {R"("tickets.read")", "permissions: wants a list"},
             {"[1]", "permissions: there is no permission \"\""},
             {R"(["ticket.read"])",
              "permissions: there is no permission \"ticket.read\", did you mean \"tickets.read\"?"},
             {R"(["tickets.work"])", "permissions: tickets.work is nothing without tickets.read"},
             {R"(["tickets.read","tickets.others"])", "permissions: tickets.others is nothing without tickets.work"},
         }) {
        const auto read = permissions_from(json::document::parse(list).value().root());
        ASSERT_FALSE(read) << list;
        EXPECT_TRUE(read.error().message.starts_with(says)) << list << ": " << read.error().message;
    }
    for (const auto* wrong : {"", "two words", "a/b", "ñ"}) EXPECT_FALSE(check_role_name(wrong)) << wrong;
    EXPECT_FALSE(check_role_name(std::string(65, 'x')));
    EXPECT_TRUE(check_role_name("Line-2.es"));
}

/// A site where ben is admin and can log in.
class role_changes : public testing::Test {
protected:
    role_changes() { EXPECT_TRUE(give(site_run::ben, "admin", true)); }

    result<std::string> change(role_change::act what, const std::string& name, permission_set may = {},
                               permission_set giver = permission_set::all()) {
        role_change wanted;
        wanted.what = what;
        wanted.wanted = {name, may, false};
        wanted.giver = giver;
        wanted.by = "agent:ben";
        return run_.answer_to(std::move(wanted));
    }
    result<std::string> add(const std::string& name, permission_set may) {
        return change(role_change::act::add, name, may);
    }
    result<std::string> give(agent_id who, const std::string& role, bool password = false,
                             permission_set giver = permission_set::all()) {
        auto changed = *run_.site().people()->find(who);
        changed.role = role;
        changed.password_hash = password ? "a hash" : "";
        roster_change wanted;
        wanted.people = {changed};
        wanted.by = "agent:ben";
        wanted.giver = giver;
        return run_.answer_to(std::move(wanted));
    }
    permission_set may(agent_id who) { return run_.site().people()->may(who); }
    std::vector<std::string> audited() {
        std::vector<std::string> lines;
        for (const auto& each : latest_audit_records(run_.durable(), 0, 100).value())
            lines.push_back(each.action + " " + each.about + " " + each.detail);
        return lines;
    }

    site_run run_;
};

TEST_F(role_changes, are_in_force_with_the_answer_and_on_the_audit_log) {
    ASSERT_TRUE(add("support", tickets_read | tickets_work));
    ASSERT_TRUE(give(site_run::ann, "support"));
    EXPECT_EQ(may(site_run::ann), tickets_read | tickets_work);
    ASSERT_TRUE(change(role_change::act::change, "support", tickets_read | audit_read));
    EXPECT_EQ(may(site_run::ann), tickets_read | audit_read);
    ASSERT_TRUE(give(site_run::ann, "agent"));
    ASSERT_TRUE(change(role_change::act::remove, "support"));
    EXPECT_EQ(run_.site().people()->find_role("support"), nullptr);
    const auto lines = audited();
    ASSERT_GE(lines.size(), 5U);
    EXPECT_EQ(lines[0], R"(role.removed role:support {"permissions":["tickets.read","audit.read"]})");
    EXPECT_EQ(lines[1], R"(agent.changed agent:ann {"role":"agent","was":"support"})");
    EXPECT_EQ(lines[2], R"(role.changed role:support {"permissions":["tickets.read","audit.read"],)"
                        R"("given":["audit.read"],"taken":["tickets.work"]})");
    EXPECT_EQ(lines[3], R"(agent.changed agent:ann {"role":"support","was":"agent"})");
    EXPECT_EQ(lines[4], R"(role.added role:support {"permissions":["tickets.read","tickets.work"]})");
}

TEST_F(role_changes, outlive_a_restart) {
    ASSERT_TRUE(add("support", tickets_read | tickets_work));
    ASSERT_TRUE(give(site_run::ann, "support"));
    run_.stop();
    start_state ignored;
    const channel_directory none(std::vector<channel_entry>{});
    const auto again = load_world(run_.durable(), test_rules(), none, run_.clock().now(), ignored).value();
    EXPECT_EQ(again->people->may(site_run::ann), tickets_read | tickets_work);
    EXPECT_EQ(again->people->find(site_run::ann)->role, "support");
}

TEST_F(role_changes, that_cannot_be_say_why_and_change_nothing) {
    ASSERT_TRUE(add("support", tickets_read));
    ASSERT_TRUE(give(site_run::ann, "support"));
    const auto on_the_log = audited().size();
    using act = role_change::act;
    const auto few = tickets_read | roles_manage;
    struct row {
        result<std::string> said;
        errc code;
        const char* says;
    };
    for (const auto& [said, code, says] : std::vector<row>{
             {add("support", tickets_read), errc::conflict, "name: there is a role support"},
             {add("agent", tickets_read), errc::conflict, "name: agent is built in"},
             {change(act::change, "admin", tickets_read), errc::conflict, "name: admin is built in"},
             {change(act::remove, "read-only"), errc::conflict, "name: read-only is built in"},
             {change(act::change, "suport", tickets_read), errc::not_found, "there is no role suport"},
             {change(act::remove, "suport"), errc::not_found, "there is no role suport"},
             {change(act::remove, "support"), errc::conflict, "name: ann has the role support"},
             {change(act::add, "more", tickets_read | audit_read, few), errc::forbidden,
              "role: more permits what you may not do yourself: audit.read"},
             {change(act::change, "support", tickets_read | audit_read, few), errc::forbidden, "role: support permits"},
             {change(act::change, "support", roles_manage, roles_manage), errc::forbidden, "role: support permits"},
             {give(site_run::ann, "boss"), errc::invalid,
              "role: wants one of agent, supervisor, admin, read-only, support, not \"boss\""},
             {give(site_run::ann, "api"), errc::invalid, "role: wants one of"},
             {give(site_run::ann, "suport"), errc::invalid, "role: wants one of agent"},
             {give(site_run::ann, "agent", false, tickets_read | people_manage), errc::forbidden,
              "role: agent permits what you may not do yourself: tickets.work"},
             {give(site_run::ben, "support", false, tickets_read | people_manage), errc::forbidden,
              "role: admin permits what you may not do yourself"},
             {give(site_run::ben, "admin", true, tickets_read | people_manage), errc::forbidden,
              "role: admin permits what you may not do yourself"},
             {give(site_run::ben, "supervisor"), errc::conflict, "role: this would leave nobody who may do everything"},
         }) {
        ASSERT_FALSE(said) << says;
        EXPECT_EQ(said.error().code, code) << said.error().message;
        EXPECT_TRUE(said.error().message.starts_with(says)) << said.error().message;
    }
    EXPECT_EQ(may(site_run::ann), permission_set(tickets_read));
    EXPECT_EQ(run_.site().people()->own_roles().size(), 1U);
    EXPECT_EQ(audited().size(), on_the_log);
}

TEST_F(role_changes, leave_somebody_who_may_do_everything) {
    ASSERT_TRUE(add("root", permission_set::all()));
    ASSERT_TRUE(give(site_run::ann, "root"));
    EXPECT_FALSE(give(site_run::ben, "agent")) << "ann cannot log in";
    ASSERT_TRUE(give(site_run::ann, "root", true));
    ASSERT_TRUE(give(site_run::ben, "agent"));
    EXPECT_EQ(change(role_change::act::change, "root", tickets_read).error().code, errc::conflict);
    EXPECT_EQ(may(site_run::ann), permission_set::all());
}

TEST_F(role_changes, are_told_to_open_desks_of_whom_they_concern) {
    ASSERT_TRUE(add("support", tickets_read | tickets_work));
    const auto ann = run_.open_desk(site_run::ann);
    const auto ben = run_.open_desk(site_run::ben);
    ASSERT_TRUE(give(site_run::ann, "support"));
    ASSERT_TRUE(change(role_change::act::change, "support", tickets_read));
    run_.settle();
    const auto told = frames_of(*ann, "role");
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0]["role"].text(), "support");
    EXPECT_EQ(told[0]["permissions"].size(), 2U);
    EXPECT_EQ(told[1]["permissions"].size(), 1U);
    EXPECT_TRUE(frames_of(*ben, "role").empty());
    const auto again = frames_of(*run_.open_desk(site_run::ann), "snapshot");
    EXPECT_EQ(again[0]["agent"]["role"].text(), "support");
    EXPECT_EQ(again[0]["agent"]["permissions"].at(0).text(), "tickets.read");
}

TEST_F(role_changes, take_work_from_who_may_work_no_more) {
    const auto ann = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    const auto held = run_.contact(message_of("kim", "1")).ticket;
    run_.settle();
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*ann), true));
    const auto offered = run_.contact(message_of("lou", "2")).ticket;
    run_.settle();
    const auto offer = offer_on(*ann);
    ASSERT_TRUE(give(site_run::ann, "read-only"));
    const auto status = [&](ticket_id id) { return run_.durable().ticket(id).value(); };
    run_.settle();
    EXPECT_EQ(status(held).status, store::ticket_status::waiting);
    EXPECT_EQ(status(held).holder, agent_id{});
    EXPECT_EQ(status(offered).status, store::ticket_status::waiting);
    EXPECT_FALSE(run_.answer(site_run::ann, offer, true));
    EXPECT_EQ(run_.set_presence(site_run::ann, dispatch::presence::available).error().code, errc::conflict);
    EXPECT_EQ(run_.act(site_run::ben, held, action::assign{site_run::ann}).error().code, errc::conflict);
    ASSERT_TRUE(run_.set_presence(site_run::ben, dispatch::presence::available));
    run_.settle();
    EXPECT_EQ(status(held).status, store::ticket_status::offered) << "somebody else gets it";
    ASSERT_TRUE(give(site_run::ann, "agent"));
    EXPECT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
}

TEST_F(role_changes, leave_a_call_with_who_is_in_it) {
    const auto ann = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    const auto call = run_.contact(message_of("kim", "1"), "calls").ticket;
    run_.settle();
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*ann), true));
    ASSERT_TRUE(give(site_run::ann, "read-only"));
    run_.settle();
    EXPECT_EQ(run_.durable().ticket(call).value().holder, site_run::ann);
}

}  // namespace
}  // namespace kindred::runtime
