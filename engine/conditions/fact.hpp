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
    bool costly = false;        ///< worked out at some expense, or long: not read before a condition needs it
    bool unsure = false;        ///< its own definition has a problem: what is asked of it cannot be judged
    bool always_known = false;  ///< has a value whatever comes: what follows from that can be proved
};

/// Names a fact that is in use; dense from 0, so that a decision pays for the facts its rules ask about and no others.
enum class fact_id : std::uint16_t {};
constexpr std::size_t index_of(fact_id fact) { return static_cast<std::size_t>(fact); }

/// Every fact that exists, and which of them are in use. Filled while a ruleset is loaded, immutable afterwards; then
/// safe from every thread. A copy may be used further without touching the original.
class fact_catalog {
public:
    /// False when the name is taken.
    bool declare(fact_definition definition);
    const fact_definition* declared(std::string_view name) const;
    /// The id of a declared fact, given at its first use. Nothing for a name that is not declared.
    std::optional<fact_id> use(std::string_view name);
    /// The id of a fact in use.
    std::optional<fact_id> find(std::string_view name) const;
    const fact_definition& operator[](fact_id fact) const { return used_[index_of(fact)]; }
    /// The number of facts in use.
    std::size_t size() const { return used_.size(); }
    /// Of all that are declared.
    std::vector<std::string> all_names() const;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    template <class Value>
    using by_name = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;
    by_name<fact_definition> declared_;
    by_name<fact_id> ids_;
    std::vector<fact_definition> used_;
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
