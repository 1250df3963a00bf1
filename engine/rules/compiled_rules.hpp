#pragma once
#include "engine/conditions/calendar.hpp"
#include "engine/conditions/condition_index.hpp"
#include "engine/knowledge/library.hpp"
#include "engine/rules/attribute_schema.hpp"
#include "engine/rules/fact_readers.hpp"
#include "engine/rules/question_kind.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/rules/text_watch.hpp"
#include "engine/rules/work_settings.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a ruleset compiles to. Filled by the loader, immutable afterwards.
namespace kindred::rules {

/// Where something was written.
struct written_at {
    std::string file;
    settings::position at;
};

/// What one attribute becomes when a customer event comes.
struct attribute_change {
    enum class kind { add = 1, set, set_once, clear };
    kind what = kind::set;
    std::string attribute;
    conditions::fact_type type = conditions::fact_type::text;
    /// A constant, or the name of a member of the event's payload ("at": the time of the event).
    std::variant<fact_value, std::string> from;
};

struct profile_event {
    std::string name;
    std::vector<attribute_change> changes;
};

struct segment_group {
    std::string name;
    conditions::condition when;  ///< always holds for the last
    written_at place;
};

struct dimension {
    std::string name;
    std::string kind;  ///< geographic, behavioral, demographic, psychographic; may be empty
    std::vector<segment_group> groups;
    std::optional<conditions::fact_id> fact;  ///< segment.<name>, where a condition asks for it
};

struct stage_definition {
    std::string name;
    conditions::condition when;  ///< always holds for the first
    written_at place;
};

/// A step before the contact's language is known.
struct step_definition {
    step asks;  ///< `language` is unset
    std::optional<int> language_level;
    settings::position at;
};

struct route_definition {
    std::string name;
    conditions::condition when;
    std::optional<double> share;  ///< percent
    std::string queue;
    std::string priority;
    duration head_start{};
    std::optional<duration> first_response;
    std::optional<duration> next_response;
    std::optional<duration> resolution;
    std::vector<step_definition> steps;
    std::string script;  ///< id; empty: the best-fitting one
    written_at place;
};

struct escalation_definition {
    std::string name;
    conditions::condition when;
    std::string priority;    ///< empty: unchanged
    std::string also_offer;  ///< a queue; may be empty
    std::vector<std::string> notify;
    written_at place;
};

/// A text by language; under "" the one for languages that have none of their own.
using translations = std::map<std::string, std::string, std::less<>>;

struct survey_option {
    std::string name;
    translations says;
};

struct survey_question {
    std::string name;  ///< unique in its survey
    question_kind kind = question_kind::text;
    translations says;
    std::vector<survey_option> options;  ///< of a preference
};

/// How many percent of the tickets of single segments a survey takes.
struct segment_shares {
    std::string dimension;  ///< or "stage"
    std::map<std::string, double, std::less<>> percent;
};

struct survey_definition {
    std::string name;
    conditions::condition when;
    std::vector<survey_question> questions;
    translations invitation;
    double share = 100;                     ///< percent of the tickets for which `when` holds
    std::vector<segment_shares> shares;     ///< the first that names the ticket's segment goes before `share`
    std::int64_t seed = 0;                  ///< another one takes another sample
    std::optional<duration> at_most_every;  ///< for one customer, whatever the survey
    duration expires = std::chrono::days{14};
    written_at place;
};

/// The section self_service of routing.yaml: whom an article may answer before an agent does.
struct self_service_settings {
    /// From 0 to 1; see understanding::sure_articles. None: nobody is answered by an article.
    std::optional<double> confidence;
    std::vector<channel_kind> channels{channel_kind::chat, channel_kind::email};
    /// Whom only people answer: segments by dimension, or stages under "stage".
    std::map<std::string, std::vector<std::string>, std::less<>> exclude;
    std::optional<conditions::condition> exclude_when;  ///< whoever else only people answer
    duration hold{};   ///< how long a ticket so answered is not offered; 0: offered at once
    bool faq = true;   ///< whether /faq is there
    written_at place;  ///< of `exclude_when`
};

struct macro_definition {
    std::string name;
    conditions::condition when;
    knowledge::text_template reply;
    knowledge::text_template note;
    std::string queue;  ///< handed on to; may be empty
    std::optional<duration> snooze;
    std::optional<std::string> disposition;  ///< resolved with
    written_at place;
};

struct compiled_rules {
    std::string hash;
    rule_files files;

    site_settings site;
    conditions::time_zone zone = conditions::time_zone::utc();
    attribute_schema customer_attributes;
    attribute_schema contact_attributes;
    std::vector<profile_event> events;

    conditions::fact_catalog catalog;
    conditions::vocabulary words;
    fact_readers readers;  ///< by fact in use
    std::uint32_t conditions_count = 0;

    std::map<std::string, conditions::calendar, std::less<>> calendars;
    std::vector<std::string> skills;
    std::vector<queue_settings> queues;
    std::vector<priority_level> priorities;  ///< smallest head start first
    std::string default_priority;
    std::map<channel_kind, int> costs;
    work_settings work;

    std::vector<dimension> dimensions;
    std::vector<stage_definition> stages;
    std::optional<conditions::fact_id> stage_fact;
    std::optional<conditions::fact_id> contact_language;   ///< always in use
    std::optional<conditions::fact_id> customer_language;  ///< always in use
    std::vector<route_definition> routes;                  ///< the fallback is the last
    std::optional<conditions::condition_index> index;      ///< over `routes`
    text_watch contact_words;                              ///< of all that a decision asks
    std::vector<escalation_definition> escalations;
    std::vector<survey_definition> surveys;
    self_service_settings self_service;
    std::vector<macro_definition> macros;
    knowledge::library library;

    const queue_settings* queue_named(std::string_view name) const;
    /// What places customers: the dimensions of segments.yaml, and "stage" where there are stages.
    std::vector<std::string> dimension_names() const;
    /// The segments of a dimension, or the stages under "stage". Empty: there is no such dimension.
    std::vector<std::string> segment_names(std::string_view dimension) const;
};

}  // namespace kindred::rules
