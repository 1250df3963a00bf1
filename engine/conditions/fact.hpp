#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/attribute.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

/// Facts: what conditions may ask about, by name and type.
namespace kindred::conditions {

enum class fact_type {
    text = 1,
    text_list,
    choice,          ///< one of a fixed set of names
    ordered_choice,  ///< the same, with an order: stages, weekdays, priorities
    integer,
    number,
    yes_no,
    duration,
    time,
    date,  ///< a day without a time of day
};
std::string_view name_of(fact_type type);

/// When a fact may be asked for.
enum class fact_scope {
    anywhere = 1,
    escalation,  ///< only in the `when` of an escalation
};

/// A fact as the ruleset knows it.
struct fact_definition {
    std::string name;  ///< "customer.orders"
    fact_type type = fact_type::text;
    std::vector<std::string> names;  ///< of a choice, in order
    fact_scope scope = fact_scope::anywhere;
};

/// Names a fact within its catalog; dense from 0.
enum class fact_id : std::uint16_t {};
constexpr std::size_t index_of(fact_id fact) { return static_cast<std::size_t>(fact); }

/// Every fact that exists. Built while a ruleset is loaded, immutable afterwards; then safe from every thread.
class fact_catalog {
public:
    /// Nothing when the name is taken or 65,535 facts exist.
    std::optional<fact_id> add(fact_definition definition);
    std::optional<fact_id> find(std::string_view name) const;
    const fact_definition& operator[](fact_id fact) const { return definitions_[index_of(fact)]; }
    std::size_t size() const { return definitions_.size(); }
    std::vector<std::string> all_names() const;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    std::vector<fact_definition> definitions_;
    std::unordered_map<std::string, fact_id, text_hash, std::equal_to<>> by_name_;
};

/// A fact's value without owning it. A date is the time_point of its midnight in UTC; integers may stand for numbers.
using fact_view = std::variant<std::monostate, bool, std::int64_t, double, std::string_view, time_point, duration,
                               std::span<const std::string>>;
fact_view view_of(const fact_value& value);
fact_value own(const fact_view& view);

/// A value with where it came from. What it points to lives as long as its source does.
struct fact_reading {
    fact_view value;
    std::string_view source;          ///< "contact", "event:order_placed", "default", ...
    std::optional<time_point> since;  ///< when it became so; none: this moment, or always
};

/// Where the facts of one decision are read from, each at most once, and only those that are asked for.
class fact_source {
public:
    virtual ~fact_source() = default;
    virtual fact_reading read(fact_id fact) const = 0;
};

}  // namespace kindred::conditions
