#include "engine/settings/shape.hpp"

namespace kindred::settings {

const shape* shape::form(shape_kind wanted) const {
    if (kind == wanted) return this;
    if (kind != shape_kind::either) return nullptr;
    for (const auto& each : of)
        if (each.kind == wanted) return &each;
    return nullptr;
}

const key_shape* shape::key(std::string_view name) const {
    for (const auto& each : keys)
        if (each.name == name) return &each;
    return nullptr;
}

shape shape::meaning(std::string text) && {
    says = std::move(text);
    return std::move(*this);
}
shape shape::matching(std::string ecma_pattern) && {
    pattern = std::move(ecma_pattern);
    return std::move(*this);
}
shape shape::at_least(std::size_t count) && {
    least_count = count;
    return std::move(*this);
}
shape shape::at_most(std::size_t count) && {
    most_count = count;
    return std::move(*this);
}
shape shape::maybe_empty() && {
    or_nothing = true;
    return std::move(*this);
}
shape shape::with_others() && {
    open = true;
    return std::move(*this);
}

namespace shapes {
namespace {

shape plain(shape_kind kind) {
    shape made;
    made.kind = kind;
    return made;
}

shape bounded(shape_kind kind, double least, double most) {
    auto made = plain(kind);
    made.least = least;
    made.most = most;
    return made;
}

shape holding(shape_kind kind, shape element) {
    auto made = plain(kind);
    made.of.push_back(std::move(element));
    return made;
}

}  // namespace

shape text() { return plain(shape_kind::text); }
shape name() { return plain(shape_kind::name); }
shape yes_no() { return plain(shape_kind::yes_no); }
shape integer(std::int64_t least, std::int64_t most) {
    return bounded(shape_kind::integer, static_cast<double>(least), static_cast<double>(most));
}
shape number(double least, double most) { return bounded(shape_kind::number, least, most); }
shape span(duration least, duration most) {
    return bounded(shape_kind::duration, static_cast<double>(least.count()), static_cast<double>(most.count()));
}
shape time() { return plain(shape_kind::time); }
shape date() { return plain(shape_kind::date); }
shape percent() { return plain(shape_kind::percent); }

shape choice(std::vector<std::string> names) {
    auto made = plain(shape_kind::choice);
    made.names = std::move(names);
    return made;
}

shape list(shape element) { return holding(shape_kind::list, std::move(element)); }
shape list_or_one(shape element) {
    auto made = list(std::move(element));
    made.or_one = true;
    return made;
}

shape section(std::vector<key_shape> keys) {
    auto made = plain(shape_kind::section);
    made.keys = std::move(keys);
    return made;
}

shape table(shape element) { return holding(shape_kind::table, std::move(element)); }

shape condition(std::string definition) {
    auto made = plain(shape_kind::condition);
    made.names.push_back(std::move(definition));
    return made;
}

shape either(std::vector<shape> forms) {
    auto made = plain(shape_kind::either);
    made.of = std::move(forms);
    return made;
}

shape anything() { return plain(shape_kind::anything); }

key_shape required(std::string name, shape value) { return {std::move(name), std::move(value), true}; }
key_shape optional(std::string name, shape value) { return {std::move(name), std::move(value), false}; }

}  // namespace shapes
}  // namespace kindred::settings
