#include "engine/runtime/people/roster_changes.hpp"

#include "engine/runtime/desks/views.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string made;
    for (const auto& each : names) made += (made.empty() ? "" : ", ") + each;
    return made;
}

/// Somebody who is there after a change.
person as_changed(const person& known, person wanted) {
    if (wanted.password_hash.empty()) wanted.password_hash = known.password_hash;
    if (!wanted.login.empty()) return wanted;
    auto kept = known;
    kept.password_hash = std::move(wanted.password_hash);
    return kept;
}

/// Whether somebody can log in and do everything there is.
bool has_admin(const roster& people) {
    return std::any_of(people.all().begin(), people.all().end(), [&](const person& each) {
        return !each.password_hash.empty() && people.may(each) == permission_set::all();
    });
}

result<void> check_admin_is_left(const roster& before, const roster& after) {
    if (!has_admin(before) || has_admin(after)) return {};
    return fail(errc::conflict, "role: this would leave nobody who may do everything: make somebody else admin first");
}

result<void> check_giver(permission_set giver, permission_set touched, const std::string& role) {
    if (giver.includes(touched)) return {};
    return fail(errc::forbidden,
                "role: " + role + " permits what you may not do yourself: " + touched.without(giver).text());
}

result<void> check_role_of(const roster& people, const person& wanted, const roster_change& change) {
    const auto* role = people.find_role(wanted.role);
    if (role == nullptr || role->name == built_in::api) return unknown_role(wanted.role, people.role_names());
    return change.giver ? check_giver(*change.giver, role->may, role->name) : result<void>{};
}

/// One person of a change, checked against who is there.
result<void> check_one(const roster& people, const person& wanted, const roster_change& change) {
    if (!wanted.id) {
        if (people.find(wanted.login) != nullptr)
            return fail(errc::conflict, "the login " + wanted.login + " is taken");
        return check_role_of(people, wanted, change);
    }
    const auto* known = people.find(wanted.id);
    if (known == nullptr) return fail(errc::not_found, "there is no agent " + to_string(wanted.id));
    const bool sets_password = !wanted.password_hash.empty();
    const bool sets_role = !wanted.login.empty() && wanted.role != known->role;
    // Whoever has somebody's password may do what that person may.
    if (change.giver && (sets_password || sets_role))
        if (auto fine = check_giver(*change.giver, people.may(*known), known->role); !fine) return fine;
    return sets_role ? check_role_of(people, wanted, change) : result<void>{};
}

/// Gives back what somebody has who may not work on it any more. A call goes on: nobody can take it out of their hands.
/// A ticket whose queue takes nothing now stays theirs until somebody reassigns it.
void stand_down(step& in, agent_id who) {
    (void)in.tell(dispatch::set_presence{who, dispatch::presence::offline, {}});
    for (const auto id : in.on().dispatch.tickets_of(who)) {
        const auto* about = in.on().tickets.find(id);
        if (about == nullptr || about->status != store::ticket_status::held) continue;
        const auto* via = in.on().channels.find(about->channel);
        if (via != nullptr && via->kind == channel_kind::phone) continue;
        dispatch::transfer back;
        back.ticket = id;
        back.queue = about->queue;
        (void)in.tell(back);
    }
}

/// Puts `after` in the place of who is there, and lets everybody whose rights changed feel it.
void put_in_force(step& in, roster after) {
    const auto before = in.on().people;
    in.on().people = std::make_shared<const roster>(std::move(after));
    const auto& now = *in.on().people;
    for (const auto& someone : now.all()) {
        const auto* known = before->find(someone.id);
        if (known == nullptr) continue;
        const auto was = before->may(*known);
        const auto may = now.may(someone);
        if (was == may && known->role == someone.role) continue;
        json::writer out;
        out.begin_object().member("role", someone.role);
        write_permissions(out, may);
        in.publish(someone.id, "role", members_of(out.end_object().take()));
        if (was.has(permission::tickets_work) && !may.has(permission::tickets_work)) stand_down(in, someone.id);
    }
}

std::string_view action_of(const person& wanted) {
    if (!wanted.id) return "agent.added";
    return wanted.password_hash.empty() ? "agent.changed" : "agent.password_set";
}

std::string detail_of(const person* before, const person& after) {
    json::writer out;
    out.begin_object().member("role", after.role);
    if (before != nullptr && before->role != after.role) out.member("was", before->role);
    return out.end_object().take();
}

std::string detail_of(const role* before, const role& after) {
    json::writer out;
    out.begin_object();
    write_permissions(out, after.may);
    const auto list = [&](std::string_view key, permission_set some) {
        if (some.empty()) return;
        out.key(key).begin_array();
        for (const auto name : some.names()) out.value(name);
        out.end_array();
    };
    if (before != nullptr) {
        list("given", after.may.without(before->may));
        list("taken", before->may.without(after.may));
    }
    return out.end_object().take();
}

result<void> check_role_change(const roster& people, const role_change& wanted) {
    const auto& name = wanted.wanted.name;
    const auto* known = people.find_role(name);
    if (known != nullptr && known->is_built_in)
        return fail(errc::conflict, "name: " + name + " is built in: it stays as it is, make a role beside it");
    if (wanted.what == role_change::act::add) {
        if (known != nullptr) return fail(errc::conflict, "name: there is a role " + name);
        if (people.own_roles().size() >= most_roles)
            return fail(errc::conflict, "there are " + std::to_string(most_roles) + " roles: remove one first");
    } else if (known == nullptr) {
        return fail(errc::not_found, "there is no role " + name);
    }
    const auto had = known == nullptr ? permission_set() : known->may;
    const auto gets = wanted.what == role_change::act::remove ? permission_set() : wanted.wanted.may;
    if (auto fine = check_giver(wanted.giver, had | gets, name); !fine) return fine;
    if (wanted.what != role_change::act::remove) return {};
    std::vector<std::string> holders;
    for (const auto& each : people.all())
        if (each.role == name) holders.push_back(each.login);
    if (holders.empty()) return {};
    constexpr std::size_t most_named = 5;
    const auto more = holders.size() > most_named ? holders.size() - most_named : 0;
    holders.resize(holders.size() - more);
    return fail(errc::conflict, "name: " + joined(holders) +
                                    (more > 0 ? " and " + std::to_string(more) + " more have" : " has") + " the role " +
                                    name + ": give them another one first");
}

}  // namespace

result<void> load_roles(store::store& from, world& into) {
    std::vector<role> own;
    auto rows = from.kept(role_rows, {}, {}, most_roles);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
        auto read = role_from_json(row.id, row.bytes);
        if (!read) return read.error();
        own.push_back(std::move(*read));
    }
    into.people = std::make_shared<const roster>(into.people->all(), std::move(own));
    return {};
}

result<std::string> change_roster(step& in, const roster_change& wanted) {
    const auto before = in.on().people;
    for (const auto& someone : wanted.people)
        if (auto fine = check_one(*before, someone, wanted); !fine) return fine.error();
    auto everybody = before->all();
    auto numbered = in.on().used.agents;
    std::vector<person> changed;
    for (const auto& each : wanted.people) {
        auto someone = each.id ? as_changed(*before->find(each.id), each) : each;
        if (!someone.id) someone.id = agent_id{++numbered};
        std::erase_if(everybody, [&](const person& known) { return known.id == someone.id; });
        everybody.push_back(someone);
        changed.push_back(std::move(someone));
    }
    roster after(std::move(everybody), before->own_roles());
    if (auto fine = check_admin_is_left(*before, after); !fine) return fine.error();
    for (std::size_t i = 0; i < changed.size(); ++i) {
        const auto& someone = changed[i];
        if (auto told = in.tell(to_command(someone)); !told) return told.error();
        in.on().used.agents = std::max(in.on().used.agents, someone.id.value);
        in.put_person(someone);
        if (!wanted.by.empty())
            in.audit(wanted.by, std::string(action_of(wanted.people[i])), "agent:" + someone.login,
                     detail_of(before->find(someone.id), someone));
    }
    put_in_force(in, std::move(after));
    return agents_json(in.on());
}

result<std::string> change_role(step& in, const role_change& wanted) {
    const auto before = in.on().people;
    const auto& name = wanted.wanted.name;
    if (auto fine = check_role_change(*before, wanted); !fine) return fine.error();
    const bool goes = wanted.what == role_change::act::remove;
    auto own = before->own_roles();
    std::erase_if(own, [&](const role& each) { return each.name == name; });
    if (!goes) own.push_back({name, wanted.wanted.may, false});
    roster after(before->all(), std::move(own));
    if (auto fine = check_admin_is_left(*before, after); !fine) return fine.error();
    const auto* known = before->find_role(name);
    in.put_kept({std::string(role_rows), name, in.now(), goes ? std::string() : to_json(wanted.wanted), goes});
    const auto* action = goes ? "role.removed" : known == nullptr ? "role.added" : "role.changed";
    in.audit(wanted.by, action, "role:" + name, goes ? detail_of(nullptr, *known) : detail_of(known, wanted.wanted));
    put_in_force(in, std::move(after));
    json::writer out;
    out.begin_object().member("name", name);
    write_permissions(out, goes ? permission_set() : wanted.wanted.may);
    return out.end_object().take();
}

}  // namespace kindred::runtime
