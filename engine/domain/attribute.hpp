#pragma once
#include "engine/base/json.hpp"
#include "engine/base/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace kindred {

/// A typed value of a profile attribute or fact. `std::monostate` is "not known".
using fact_value = std::variant<std::monostate, bool, std::int64_t, double, std::string, time_point, duration,
                                std::vector<std::string>>;

/// A value with where it came from and since when, so that a decision can say what it rested on.
struct attribute {
    fact_value value;
    std::string source;  ///< "event:order_placed", "agent:ann", "crm", "default"
    time_point at;
};

using attributes = std::map<std::string, attribute, std::less<>>;

/// JSON of the value alone: times as RFC 3339, durations in the rule language's form, unknown as null.
void write_json(json::writer& out, const fact_value& value);

}  // namespace kindred
