#include "conditions/support/world.hpp"

#include <gtest/gtest.h>

namespace kindred::conditions::testing_support {

world::world() {
    const auto declare = [&](const char* name, fact_type type, std::vector<std::string> names = {}) {
        catalog.declare({name, type, std::move(names), fact_scope::anywhere, false});
    };
    declare("text", fact_type::text);
    declare("other", fact_type::text);
    declare("tags", fact_type::text_list);
    declare("kind", fact_type::choice, {"email", "chat", "phone"});
    declare("stage", fact_type::ordered_choice, {"considering", "onboarding", "established", "expanding"});
    declare("time.weekday", fact_type::ordered_choice, {"mon", "tue", "wed", "thu", "fri", "sat", "sun"});
    declare("count", fact_type::integer);
    declare("amount", fact_type::number);
    declare("flag", fact_type::yes_no);
    declare("wait", fact_type::duration);
    declare("seen", fact_type::time);
    declare("day", fact_type::date);
}

fact_reading world::read(fact_id fact) const {
    const auto found_value = values.find(catalog[fact].name);
    if (found_value == values.end()) return {};
    return {view_of(found_value->second), "test", std::nullopt};
}

condition world::parse(std::string_view yaml) {
    const auto tree = settings::parse_yaml("when", yaml, found);
    if (!tree) return {condition_group{}, next_number_++};
    const parse_context context{catalog, words, nullptr, next_number_, zone};
    return parse_condition(settings::field("when", "", &*tree, found, {1, 1}), context);
}

std::string world::problems_text() const {
    std::string all;
    for (const auto& each : found.sorted()) all += settings::to_text(each) + '\n';
    return all;
}

bool world::holds(std::string_view yaml) {
    const auto asked = parse(yaml);
    EXPECT_EQ(problems_text(), "") << yaml;
    fact_table facts(catalog, words, *this, now);
    return conditions::holds(asked, facts);
}

}  // namespace kindred::conditions::testing_support
