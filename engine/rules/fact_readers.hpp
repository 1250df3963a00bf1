#pragma once
#include "engine/conditions/fact.hpp"
#include "engine/rules/decision.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

struct compiled_rules;

/// Reads one fact of a contact; `argument` is the attribute, queue or calendar that its name goes on with.
using fact_reader = conditions::fact_reading (*)(const compiled_rules& rules, const decision_input& input,
                                                 std::string_view argument);

/// How to read each fact in use.
struct fact_readers {
    struct row {
        fact_reader read = nullptr;  ///< none: the decision gives it (segments, stage) or escalations do
        std::string argument;
    };
    std::vector<row> rows;  ///< by fact_id
};

/// Declares the facts that exist whatever the files say, and those that the profile, queues, priorities and calendars
/// of `rules` make. Call when these are read, before any condition is. Segments and stages declare their own.
void declare_facts(compiled_rules& rules);

/// How a ticket was resolved: for surveys alone, before that it has none.
inline constexpr std::string_view disposition_fact = "ticket.disposition";

/// The facts that every ruleset has, those of escalations included; names that come from the ruleset are left out.
std::vector<conditions::fact_definition> facts_that_always_exist();

/// Facts that have a name of the admin's choice between prefix and suffix.
struct fact_family {
    std::string_view prefix;
    std::string_view suffix;
    std::optional<conditions::fact_type> type;  ///< none: as profile.yaml declares it
};
std::vector<fact_family> fact_families();

/// The readers for the facts that a catalog has in use by now.
fact_readers readers_for(const conditions::fact_catalog& catalog);

/// Names that an attribute may not take: `customer.<name>` exists already.
std::vector<std::string> builtin_customer_names();

/// The facts of one contact.
class contact_facts final : public conditions::fact_source {
public:
    contact_facts(const compiled_rules& rules, const fact_readers& readers, const decision_input& input)
        : rules_(rules), readers_(readers), input_(input) {}

    conditions::fact_reading read(conditions::fact_id fact) const override;

private:
    const compiled_rules& rules_;
    const fact_readers& readers_;
    const decision_input& input_;
};

}  // namespace kindred::rules
