#include "engine/domain/usual_customer.hpp"

#include "engine/base/json_glance.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace kindred {
namespace {

using json::glancing_place;
using std::string_view;

/// The text of a value that holds no others.
std::optional<string_view> take_plain(glancing_place& from) {
    if (from.is('{') || from.is('[')) return std::nullopt;
    const char* const begin = from.at();
    if (!from.pass_value()) return std::nullopt;
    return from.since(begin);
}

bool read_text(glancing_place& from, std::string& into) {
    const auto raw = take_plain(from);
    const auto plain = raw ? json::plain_text(*raw) : std::nullopt;
    if (plain) into = *plain;
    return plain.has_value();
}

template <class Number>
bool read_number(glancing_place& from, Number& into) {
    const auto raw = take_plain(from);
    if (!raw) return false;
    const auto* const end = raw->data() + raw->size();
    const auto read = std::from_chars(raw->data(), end, into);
    return read.ec == std::errc{} && read.ptr == end;
}

bool read_time(glancing_place& from, time_point& into) {
    std::int64_t millis = 0;
    if (!read_number(from, millis)) return false;
    into = from_millis(millis);
    return true;
}

bool read_truth(glancing_place& from, bool& into) {
    const auto raw = take_plain(from);
    into = raw == "true";
    return into || raw == "false";
}

bool read_texts(glancing_place& from, std::vector<std::string>& into) {
    return from.pass_elements([&] { return read_text(from, into.emplace_back()); });
}

bool read_value(string_view type, glancing_place& from, fact_value& into) {
    if (type.size() != 1) return false;
    switch (type.front()) {
        case 'b': return read_truth(from, into.emplace<bool>());
        case 'i': return read_number(from, into.emplace<std::int64_t>());
        case 'n': return read_number(from, into.emplace<double>());
        case 's': return read_text(from, into.emplace<std::string>());
        case 't': return read_time(from, into.emplace<time_point>());
        case 'd': {
            std::int64_t millis = 0;
            const bool read = read_number(from, millis);
            into = duration{millis};
            return read;
        }
        default: return false;
    }
}

bool read_attribute(glancing_place& from, attribute& into) {
    bool has_value = false;
    return from.pass_members([&](string_view name) {
        if (name == "source") return read_text(from, into.source);
        if (name == "at") return read_time(from, into.at);
        return !std::exchange(has_value, true) && read_value(name, from, into.value);
    });
}

bool read_identity(glancing_place& from, identity& into) {
    return from.pass_members([&](string_view name) {
        bool proven = false;
        if (name == "id") return read_text(from, into.text);
        if (name != "proven" || !read_truth(from, proven)) return false;
        into.proven = proven ? proof::proven : proof::claimed;
        return true;
    });
}

bool read_pin(glancing_place& from, pin& into) {
    return from.pass_members([&](string_view name) {
        if (name == "dimension") return read_text(from, into.dimension);
        if (name == "value") return read_text(from, into.value);
        if (name == "by") return read_text(from, into.by);
        if (name == "reason") return read_text(from, into.reason);
        if (name == "at") return read_time(from, into.at);
        return name == "until" && read_time(from, into.until.emplace());
    });
}

bool read_member(string_view name, glancing_place& from, customer& into) {
    if (name == "known") return read_truth(from, into.known);
    if (name == "name") return read_text(from, into.name);
    if (name == "language") return read_text(from, into.language);
    if (name == "attributes")
        return from.pass_members([&](string_view key) {
            return key.find('\\') == string_view::npos && read_attribute(from, into.declared[std::string(key)]);
        });
    if (name == "tags") return read_texts(from, into.tags);
    if (name == "identities")
        return from.pass_elements([&] { return read_identity(from, into.identities.emplace_back()); });
    if (name == "pins") return from.pass_elements([&] { return read_pin(from, into.pins.emplace_back()); });
    if (name == "open_tickets") return read_number(from, into.open_tickets);
    if (name == "contacts") return read_number(from, into.contacts);
    if (name == "last_contact_at") return read_time(from, into.last_contact_at.emplace());
    if (name == "last_agent") return read_text(from, into.last_agent);
    if (name == "satisfaction") return read_number(from, into.satisfaction.emplace());
    if (name == "surveyed_at") return read_time(from, into.surveyed_at.emplace());
    if (name == "created_at") return read_time(from, into.created_at);
    return name == "notes" && read_number(from, into.notes);
}

}  // namespace

bool read_usual_customer(string_view text, customer& into) {
    // What the parser would refuse: no row of ours has it, a damaged one may.
    if (!json::is_clean_text(text)) return false;
    glancing_place from(text);
    return from.pass_members([&](string_view name) { return read_member(name, from, into); }) && from.is_at_end();
}

}  // namespace kindred
