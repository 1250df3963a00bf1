#pragma once
#include "engine/base/time.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the files of an installation may hold. A shape is the one definition of a value: readers take its keys, types
/// and bounds from it, and the JSON Schema that editors use is written from it.
namespace kindred::settings {

enum class shape_kind {
    text = 1,  ///< any text, the empty one too
    name,      ///< text that says something
    yes_no,
    integer,
    number,
    duration,
    time,
    date,
    percent,
    choice,
    list,
    section,    ///< a mapping whose keys are known
    table,      ///< a mapping whose keys the admin chose
    condition,  ///< what `when` says; defined by those who know the facts
    either,     ///< one of several forms
    anything,   ///< read as what some other part of the files says
};

struct key_shape;

/// One value. Immutable once built; made with the functions of `shapes`.
struct shape {
    shape_kind kind = shape_kind::anything;
    std::string says;                                         ///< what it means, for the schema
    double least = -std::numeric_limits<double>::infinity();  ///< of a number; milliseconds of a duration
    double most = std::numeric_limits<double>::infinity();    ///< likewise
    std::string pattern;             ///< ECMA 262; of a text or of a table's keys: what the reader checks by itself
    std::vector<std::string> names;  ///< of a choice; of a condition the name of its definition
    std::vector<shape> of;           ///< the element of a list or table, the forms of an either
    std::vector<key_shape> keys;     ///< of a section
    std::size_t least_count = 0;     ///< of a list or table
    std::size_t most_count = 0;      ///< of a list; 0: any number
    bool or_one = false;             ///< a list: one element may stand for a list of itself
    bool or_nothing = false;         ///< the value may be left empty
    bool open = false;               ///< a section: has more keys than it names

    /// The form of an either that has this kind, or the shape itself when it has; none otherwise.
    const shape* form(shape_kind wanted) const;
    const key_shape* key(std::string_view name) const;

    shape meaning(std::string text) &&;
    shape matching(std::string ecma_pattern) &&;
    shape at_least(std::size_t count) &&;
    shape at_most(std::size_t count) &&;
    shape maybe_empty() &&;
    shape with_others() &&;
};

struct key_shape {
    std::string name;
    shape value;
    bool required = false;
};

namespace shapes {

shape text();
shape name();
shape yes_no();
shape integer(std::int64_t least, std::int64_t most);
shape number(double least, double most);
shape span(duration least = duration{0}, duration most = duration::max());
shape time();
shape date();
shape percent();
shape choice(std::vector<std::string> names);
/// The names of a table that a reader chooses from.
template <class Rows>
shape choice_of(const Rows& rows) {
    std::vector<std::string> names;
    for (const auto& row : rows) names.emplace_back(row.first);
    return choice(std::move(names));
}
shape list(shape element);
shape list_or_one(shape element);
shape section(std::vector<key_shape> keys);
shape table(shape element);
/// `definition` names what a condition may ask for.
shape condition(std::string definition);
shape either(std::vector<shape> forms);
shape anything();

key_shape required(std::string name, shape value);
key_shape optional(std::string name, shape value);

}  // namespace shapes
}  // namespace kindred::settings
