#pragma once
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/sources.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

/// What every part of the loader works on: the files, the ruleset that is being made, and where problems go.
struct load_context {
    const sources& files;
    compiled_rules& rules;
    settings::problems& found;
    /// Checks of names that are known only when everything is read; the loader runs them last.
    std::vector<std::function<void()>> checks_at_the_end{};
    /// Names of routes so far.
    std::set<std::string, std::less<>> route_names{};
    std::vector<std::string> known_queues{};
    std::optional<std::vector<std::string>> known_scripts{};

    /// Calls `read` for the top mapping of each file of a kind; files without content are left out.
    void for_each_file(file_kind kind, const std::function<void(settings::section&)>& read);
    /// What a condition needs while it is parsed; `refuses` as in parse_context.
    conditions::parse_context conditions_where(std::function<std::string(const conditions::fact_definition&)> refuses);
    /// For conditions that may ask for everything but escalation facts.
    conditions::parse_context ordinary_conditions();

    /// Kept up to date while queues are read: thousands of routes ask for them.
    const std::vector<std::string>& queue_names();
    /// For when the library is read.
    const std::vector<std::string>& script_ids();
    std::vector<std::string> priority_names() const;
    std::vector<std::string> calendar_names() const;
};

/// What check_plain_name() takes, for schemas.
constexpr const char* plain_name_pattern = "^([0-9A-Za-z_-]|[^\\u0000-\\u007F])+$";

/// ISO 639-1, or with more parts as BCP 47 has them ("pt-BR").
bool is_language_code(std::string_view text);
/// What is_language_code() takes, for schemas.
constexpr const char* language_code_pattern = "^[a-z]{2,3}(-.*)?$";

/// Reports `there is no <what> "<name>"`, with the nearest known, when it is not known.
bool check_name(const settings::field& at, std::string_view what, const std::string& name,
                const std::vector<std::string>& known);
/// The same for a field that holds one name, which is returned when it is known; empty otherwise.
std::string read_name(const settings::field& given, std::string_view what, const std::vector<std::string>& known);
/// Reports an entry whose key is no dimension of the rules; "stage" is one where there are stages.
bool check_dimension(const settings::named_field& given, const compiled_rules& rules);
/// Reports names that could not be part of a fact's name: letters, digits, '-' and '_' are allowed.
bool check_plain_name(const settings::field& at, settings::position where, std::string_view name);
/// Reports a name that `known` has already.
bool check_fresh_name(const settings::field& at, settings::position where, std::string_view what,
                      const std::string& name, const std::vector<std::string>& known);

}  // namespace kindred::rules
