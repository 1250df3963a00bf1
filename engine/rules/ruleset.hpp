#pragma once
#include "engine/conditions/calendar.hpp"
#include "engine/domain/contact.hpp"
#include "engine/domain/customer.hpp"
#include "engine/rules/archive.hpp"
#include "engine/rules/decision.hpp"
#include "engine/rules/queue_settings.hpp"
#include "engine/settings/diagnostic.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The ruleset: one immutable compilation of everything under rules/.
namespace kindred::rules {

struct site_settings {
    std::string time_zone = "UTC";
    std::vector<std::string> languages{"en"};
    std::string default_language = "en";
};

struct priority_level {
    std::string name;
    duration head_start{};
};

struct text_body {
    std::string id;
    std::string language;
    std::string title;
    std::string markdown;  ///< variables filled in
};

struct compiled_rules;

/// Immutable; every const member is safe from every thread. Cheap to copy: copies share the compilation.
class ruleset {
public:
    explicit ruleset(std::shared_ptr<const compiled_rules> compiled) : compiled_(std::move(compiled)) {}

    const std::string& hash() const;
    const rule_files& files() const;

    /// The decision for one contact. Pure: the same arguments give the same answer.
    decision decide(const decision_input& input) const;

    const std::vector<queue_settings>& queues() const;
    const queue_settings* queue(std::string_view name) const;
    const conditions::calendar* calendar(std::string_view name) const;
    /// The calendar of a queue; none: always open, or no such queue.
    const conditions::calendar* calendar_of_queue(std::string_view queue) const;
    const std::vector<std::string>& skills() const;
    const std::vector<priority_level>& priorities() const;
    const std::string& default_priority() const;
    /// What a ticket of this kind uses of an agent's capacity.
    int cost_of(channel_kind kind) const;
    const site_settings& site() const;

    /// The attributes a customer has without anything being known of them, with source "default".
    attributes customer_defaults() const;
    /// A value for a declared attribute from JSON; errc::invalid names the attribute and what it must be.
    result<fact_value> customer_attribute(std::string_view name, json::value given) const;
    result<fact_value> contact_attribute(std::string_view name, json::value given) const;
    /// What a customer event changes (profile.yaml, `events`). errc::not_found for an event that is not declared,
    /// errc::invalid for a payload that does not fit; then nothing is changed.
    result<void> apply_event(customer& person, std::string_view event, json::value payload, time_point at) const;
    /// errc::not_found when there is no such dimension ("stage" included) or value.
    result<void> check_pin(std::string_view dimension, std::string_view value) const;

    /// A script or article in the best language for this customer and contact, with its variables filled.
    std::optional<text_body> script(std::string_view id, const decision_input& input) const;
    std::optional<text_body> article(std::string_view id, const decision_input& input) const;

    const compiled_rules& compiled() const { return *compiled_; }

private:
    std::shared_ptr<const compiled_rules> compiled_;
};

/// A ruleset, or everything that is wrong with its files. Warnings may come with both.
struct loaded {
    std::optional<ruleset> rules;
    std::vector<settings::diagnostic> problems;
};

/// Compiles the files; `shown_folder` is put before the paths in problems.
loaded load(rule_files files, std::string_view shown_folder = {});
/// Reads and compiles a folder.
loaded load_folder(const std::filesystem::path& folder);

}  // namespace kindred::rules
