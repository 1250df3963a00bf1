#pragma once
#include "engine/conditions/evaluate.hpp"
#include "engine/conditions/parse.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kindred::conditions::testing_support {

/// Facts of every type, given by the test.
class world final : public fact_source {
public:
    world();

    fact_reading read(fact_id fact) const override;
    /// The condition that this YAML states; `problems` has what is wrong with it.
    condition parse(std::string_view yaml);
    std::string problems_text() const;
    /// Parses and evaluates; a problem fails the test.
    bool holds(std::string_view yaml);

    fact_catalog catalog;
    vocabulary words;
    std::map<std::string, fact_value> values;
    time_point now = *parse_time("2026-11-23T16:00:00Z");
    time_zone zone = *time_zone::named("America/Mexico_City");
    settings::problems found;

private:
    std::uint32_t next_number_ = 0;
};

}  // namespace kindred::conditions::testing_support
