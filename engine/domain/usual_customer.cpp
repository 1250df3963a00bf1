#include "engine/domain/usual_customer.hpp"

#include "engine/base/json_glance.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kindred {
namespace {

using std::string_view;

bool read_text(string_view raw, std::string& into) {
    const auto plain = json::plain_text(raw);
    if (plain) into = *plain;
    return plain.has_value();
}

template <class Number>
bool read_number(string_view raw, Number& into) {
    const auto* const end = raw.data() + raw.size();
    const auto read = std::from_chars(raw.data(), end, into);
    return read.ec == std::errc{} && read.ptr == end;
}

bool read_time(string_view raw, time_point& into) {
    std::int64_t millis = 0;
    if (!read_number(raw, millis)) return false;
    into = from_millis(millis);
    return true;
}

bool read_truth(string_view raw, bool& into) {
    into = raw == "true";
    return into || raw == "false";
}

bool read_texts(string_view raw, std::vector<std::string>& into) {
    return json::glance_at_elements(raw, [&](string_view each) { return read_text(each, into.emplace_back()); });
}

bool read_value(string_view type, string_view raw, fact_value& into) {
    if (type.size() != 1) return false;
    switch (type.front()) {
        case 'b': return read_truth(raw, into.emplace<bool>());
        case 'i': return read_number(raw, into.emplace<std::int64_t>());
        case 'n': return read_number(raw, into.emplace<double>());
        case 's': return read_text(raw, into.emplace<std::string>());
        case 't': return read_time(raw, into.emplace<time_point>());
        case 'd': {
            std::int64_t millis = 0;
            const bool read = read_number(raw, millis);
            into = duration{millis};
            return read;
        }
        default: return false;
    }
}

bool read_attribute(string_view raw, attribute& into) {
    bool has_value = false;
    return json::glance_at_all(raw, [&](string_view name, string_view value) {
        if (name == "source") return read_text(value, into.source);
        if (name == "at") return read_time(value, into.at);
        return !std::exchange(has_value, true) && read_value(name, value, into.value);
    });
}

bool read_identity(string_view raw, identity& into) {
    return json::glance_at_all(raw, [&](string_view name, string_view value) {
        bool proven = false;
        if (name == "id") return read_text(value, into.text);
        if (name != "proven" || !read_truth(value, proven)) return false;
        into.proven = proven ? proof::proven : proof::claimed;
        return true;
    });
}

bool read_pin(string_view raw, pin& into) {
    return json::glance_at_all(raw, [&](string_view name, string_view value) {
        if (name == "dimension") return read_text(value, into.dimension);
        if (name == "value") return read_text(value, into.value);
        if (name == "by") return read_text(value, into.by);
        if (name == "reason") return read_text(value, into.reason);
        if (name == "at") return read_time(value, into.at);
        return name == "until" && read_time(value, into.until.emplace());
    });
}

bool read_member(string_view name, string_view value, customer& into) {
    if (name == "known") return read_truth(value, into.known);
    if (name == "name") return read_text(value, into.name);
    if (name == "language") return read_text(value, into.language);
    if (name == "attributes")
        return json::glance_at_all(value, [&](string_view key, string_view held) {
            return key.find('\\') == string_view::npos && read_attribute(held, into.declared[std::string(key)]);
        });
    if (name == "tags") return read_texts(value, into.tags);
    if (name == "identities")
        return json::glance_at_elements(
            value, [&](string_view each) { return read_identity(each, into.identities.emplace_back()); });
    if (name == "pins")
        return json::glance_at_elements(value,
                                        [&](string_view each) { return read_pin(each, into.pins.emplace_back()); });
    if (name == "open_tickets") return read_number(value, into.open_tickets);
    if (name == "contacts") return read_number(value, into.contacts);
    if (name == "last_contact_at") return read_time(value, into.last_contact_at.emplace());
    if (name == "last_agent") return read_text(value, into.last_agent);
    if (name == "satisfaction") return read_number(value, into.satisfaction.emplace());
    if (name == "surveyed_at") return read_time(value, into.surveyed_at.emplace());
    if (name == "created_at") return read_time(value, into.created_at);
    return name == "notes" && read_number(value, into.notes);
}

}  // namespace

bool read_usual_customer(string_view text, customer& into) {
    // What the parser would refuse: no row of ours has it, a damaged one may.
    const bool printable =
        std::none_of(text.begin(), text.end(), [](char each) { return static_cast<unsigned char>(each) < 0x20; });
    return printable && is_utf8(text) && json::glance_at_all(text, [&](string_view name, string_view value) {
               return read_member(name, value, into);
           });
}

}  // namespace kindred
