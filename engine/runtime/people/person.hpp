#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/dispatch/commands.hpp"
#include "engine/domain/ids.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// What somebody may do. Each role includes the ones before it, `api` stands apart: it only brings contacts in and
/// reads and writes customers.
enum class role { agent = 1, supervisor, admin, api };
std::string_view name_of(role given);
std::optional<role> role_named(std::string_view name);

/// Somebody who logs in.
struct person {
    agent_id id;
    std::string login;
    std::string name;
    role may = role::agent;
    std::string password_hash;  ///< argon2id, encoded
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

/// Everybody. Immutable: a change makes a new one.
class roster {
public:
    roster() = default;
    explicit roster(std::vector<person> people);

    const person* find(agent_id id) const;
    const person* find(std::string_view login) const;
    const std::vector<person>& all() const { return people_; }

private:
    std::vector<person> people_;  ///< by id
};

}  // namespace kindred::runtime
