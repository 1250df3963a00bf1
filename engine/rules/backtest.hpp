#pragma once
#include "engine/rules/given.hpp"

#include <map>
#include <string>
#include <vector>

/// Recorded contacts decided by two rulesets.
namespace kindred::rules {

/// A contact with its facts as they were. The two situations differ only where one ruleset has attributes that the
/// other has not.
struct recorded_contact {
    given_situation before;
    given_situation after;
    /// Whether shares follow the customer's id; else every customer falls through them.
    bool has_customer_id = false;
    std::optional<duration> handling;  ///< how long an agent worked on it; none: not on record
};

/// How many contacts went from one place to another, and who they are under the old rules.
struct flow {
    std::string from;
    std::string to;
    std::size_t contacts = 0;
    std::map<std::string, std::map<std::string, std::size_t>> segments;  ///< by dimension, then segment
    std::map<std::string, std::size_t> stages;
};

struct decided_twice {
    decision before;
    decision after;
};

/// Both decisions on one contact.
decided_twice decide_twice(const ruleset& before, const ruleset& after, const recorded_contact& contact);

/// Sums up, one contact at a time.
class backtest {
public:
    void add(const decided_twice& decided);

    std::size_t contacts() const { return contacts_; }
    std::size_t moved() const { return moved_; }  ///< to another queue
    /// By queue, by route and by script ("id (language)"; empty: none): the largest first, those that stay last.
    std::vector<flow> queues() const { return sorted(queues_); }
    std::vector<flow> routes() const { return sorted(routes_); }
    std::vector<flow> scripts() const { return sorted(scripts_); }

private:
    using flows = std::map<std::pair<std::string, std::string>, flow>;
    static std::vector<flow> sorted(const flows& all);

    std::size_t contacts_ = 0;
    std::size_t moved_ = 0;
    flows queues_;
    flows routes_;
    flows scripts_;
};

}  // namespace kindred::rules
