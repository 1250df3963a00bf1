#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/contact.hpp"
#include "engine/domain/customer.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

/// A queue as rules see it at the moment of a decision.
struct queue_figures {
    std::int64_t waiting = 0;
    std::int64_t agents_present = 0;
    duration longest_wait{};
    duration estimated_wait{};
};

/// Looks the figures up by the queue's name. Called only for queues that a condition asks about.
class queue_board {
public:
    virtual ~queue_board() = default;
    virtual queue_figures figures_of(std::string_view queue) const = 0;
};

/// Every queue empty and unstaffed.
class empty_board final : public queue_board {
public:
    queue_figures figures_of(std::string_view) const override { return {}; }
};

/// The same figures whatever happens: tests and explanations.
class fixed_board final : public queue_board {
public:
    explicit fixed_board(std::map<std::string, queue_figures, std::less<>> figures) : figures_(std::move(figures)) {}
    queue_figures figures_of(std::string_view queue) const override {
        const auto found = figures_.find(queue);
        return found == figures_.end() ? queue_figures{} : found->second;
    }

private:
    std::map<std::string, queue_figures, std::less<>> figures_;
};

/// Forces customers into or out of the share of a route, by route name. What is not named follows the hash of the
/// customer's id.
using share_overrides = std::map<std::string, bool, std::less<>>;

/// All that a decision depends on. The parts must outlive the call, nothing more.
struct decision_input {
    const contact& about;
    const customer& who;
    time_point now;
    const queue_board& board;
    const share_overrides* shares = nullptr;
    /// Whether customers whom `shares` does not name fall through every share: rule tests.
    bool shares_out = false;
    /// False leaves `decision::facts` empty: for a decision that is only compared with another one.
    bool noting_facts = true;
};

struct skill_requirement {
    std::string skill;
    int level = 1;

    bool operator==(const skill_requirement&) const = default;
};

/// Speaking a language, by ISO 639-1 code.
struct language_requirement {
    std::string language;
    int level = 1;

    bool operator==(const language_requirement&) const = default;
};

/// What is asked of an agent for a while.
struct step {
    std::vector<skill_requirement> skills;
    std::optional<language_requirement> language;
    std::optional<duration> lasts;  ///< none: the last step, it never ends
    bool skip_if_nobody = false;

    bool operator==(const step&) const = default;
};

struct chosen_segment {
    std::string dimension;
    std::string segment;
    bool pinned = false;

    bool operator==(const chosen_segment&) const = default;
};

struct chosen_text {
    std::string id;
    std::string language;

    bool operator==(const chosen_text&) const = default;
};

/// What the ruleset said of a contact.
struct decision {
    std::string route;
    std::string queue;
    std::string priority;
    duration head_start{};
    std::optional<duration> first_response;
    std::optional<duration> next_response;
    std::optional<duration> resolution;
    std::vector<step> steps;  ///< at least one
    std::optional<chosen_text> script;
    std::vector<chosen_text> articles;
    std::vector<chosen_segment> segments;  ///< in the order of segments.yaml
    std::string stage;                     ///< empty without stages.yaml
    bool stage_pinned = false;
    std::string ruleset;             ///< hash
    std::string facts;               ///< JSON object of the facts read with value, source and age; at most 4 KiB
    std::vector<std::string> notes;  ///< such as a language requirement that fell away

    std::string_view segment_of(std::string_view dimension) const;
};

/// The decision as one JSON object.
std::string to_json(const decision& made);

}  // namespace kindred::rules
