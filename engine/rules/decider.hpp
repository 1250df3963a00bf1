#pragma once
#include "engine/conditions/fact_table.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/explanation.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

/// Works out one decision, step by step. With an explanation to fill it does the same and notes what it tried.
class decider {
public:
    decider(const compiled_rules& rules, const decision_input& input, explanation* why = nullptr);

    decision decide();
    /// Segments and stage as decide() finds them, and nothing else.
    decision place();

    /// Only segments and stage, so that their facts can be asked for.
    void place_customer();
    conditions::fact_table& facts() { return facts_; }
    /// What to try for texts: the contact's language, the customer's, the site's.
    std::vector<std::string> languages();

private:
    void choose_segment(const dimension& from);
    void choose_stage();
    const route_definition& match_route();
    const route_definition& match_route_noting();
    bool in_share(const route_definition& route);
    /// "es-MX" is Spanish to a site that lists es alone.
    std::string_view as_the_site_names_it(std::string_view language) const;
    void take_route(const route_definition& route);
    void resolve_steps(const route_definition& route);
    void choose_texts(const route_definition& route);

    const compiled_rules& rules_;
    const decision_input& input_;
    explanation* why_;
    contact_facts source_;
    conditions::fact_table facts_;
    decision made_;
};

/// The pin that holds for a dimension (or "stage") at `now`: of several the latest.
const pin* active_pin(const customer& person, std::string_view dimension, time_point now);

/// Whether the customer is one of the `percent` that a shared route takes.
bool hash_is_in_share(std::string_view route, customer_id who, double percent);
/// The same of any text: some `percent` of all texts, always the same ones.
bool hash_is_in_share(std::string_view text, double percent);

/// The facts read so far with value, source and age as one JSON object of at most 4 KiB.
std::string facts_read_json(conditions::fact_table& facts);

}  // namespace kindred::rules
