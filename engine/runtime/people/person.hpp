#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/dispatch/commands.hpp"
#include "engine/domain/ids.hpp"
#include "engine/runtime/people/roles.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// Somebody who logs in.
struct person {
    agent_id id;
    std::string login;
    std::string name;
    std::string role = std::string(built_in::agent);  ///< its name
    std::string password_hash;                        ///< argon2id, encoded
    std::vector<std::string> queues;
    std::map<std::string, int> skills;     ///< level 1 to 10
    std::map<std::string, int> languages;  ///< ISO 639-1 code to level
    std::int64_t capacity = 10;            ///< units
    std::string phone;                     ///< where calls reach this person: number, client:... or sip:...

    bool operator==(const person&) const = default;
};

std::string to_json(const person& someone);
result<person> person_from_json(agent_id id, std::string_view text);

/// What dispatch needs to know of a person.
dispatch::upsert_agent to_command(const person& someone);

/// Everybody, and what their roles permit. Immutable: a change makes a new one.
class roster {
public:
    roster() = default;
    /// `own`: the roles that the centre made beside the built-in ones.
    explicit roster(std::vector<person> people, std::vector<role> own = {});

    const person* find(agent_id id) const;
    const person* find(std::string_view login) const;
    const std::vector<person>& all() const { return people_; }

    /// Built in, or of the centre's own; nothing where there is none of that name.
    const role* find_role(std::string_view name) const;
    /// Of every role that people can have: the built-in ones, then the centre's own.
    std::vector<std::string> role_names() const;
    /// By name.
    const std::vector<role>& own_roles() const { return roles_; }
    /// Nothing at all where the role is gone, or nobody has that id.
    permission_set may(std::string_view role) const;
    permission_set may(const person& someone) const { return may(someone.role); }
    permission_set may(agent_id id) const;

private:
    std::vector<person> people_;  ///< by id
    std::vector<role> roles_;     ///< by name
};

}  // namespace kindred::runtime
