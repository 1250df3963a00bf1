#include "connectors/declared/extract.hpp"

#include "connectors/mime/html_text.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::connectors::declared {
namespace {

using channel::structure;

constexpr std::size_t most_parts = 20;
constexpr std::size_t longest_reason = 40;

std::optional<std::string> joined(const std::vector<extract>& parts, const std::string& with, const event_view& event) {
    std::optional<std::string> whole;
    for (const auto& each : parts) {
        const auto part = each.text_in(event);
        if (!part) continue;
        if (whole)
            *whole += with + *part;
        else
            whole = *part;
    }
    return whole;
}

std::optional<std::string> first_of(const std::vector<extract>& parts, const event_view& event) {
    for (const auto& each : parts)
        if (auto found = each.text_in(event)) return found;
    return std::nullopt;
}

void read_place(channel::options& settings, const structure& given, const std::string& name, extract& into) {
    auto place = field_path::parse(given.text);
    if (!place) return settings.complain_at(given, name, place.error().message);
    into.how = extract::way::place;
    into.place = std::move(*place);
}

std::vector<extract> read_parts(channel::options& settings, const structure& given, const std::string& name) {
    std::vector<extract> parts;
    if (given.is != structure::form::list || given.items.empty() || given.items.size() > most_parts) {
        settings.complain_at(given, name, "wants a list of one to 20 ways");
        return parts;
    }
    for (const auto& each : given.items) parts.push_back(read_extract(settings, each, name));
    return parts;
}

void read_map(known_keys& in, extract& into) {
    const auto* map = in.at("map");
    if (map == nullptr) return;
    if (map->is != structure::form::mapping || map->members.empty())
        return in.complain("map", "wants a mapping of what is written to what is meant");
    for (const auto& [from, to] : map->members) {
        if (to.is != structure::form::text || to.text.empty())
            in.settings().complain_at(to, in.name_of("map"), "wants a text for each");
        into.map.emplace_back(from, to.text);
    }
}

extract read_mapping(channel::options& settings, const structure& given, const std::string& name) {
    extract made;
    known_keys in(settings, given, name);
    const auto* place = in.at("path");
    const auto* first = in.at("first");
    const auto* join = in.at("join");
    const auto fixed = in.text("text");
    const auto said = (place != nullptr) + (first != nullptr) + (join != nullptr) + (fixed ? 1 : 0);
    if (said != 1) settings.complain_at(given, name, "wants one of path, first, join and text");
    if (place != nullptr) read_place(settings, *place, in.name_of("path"), made);
    if (fixed) made.fixed = *fixed;
    if (first != nullptr) {
        made.how = extract::way::first;
        made.parts = read_parts(settings, *first, in.name_of("first"));
    }
    if (join != nullptr) {
        made.how = extract::way::join;
        made.parts = read_parts(settings, *join, in.name_of("join"));
    }
    made.with = in.text("with").value_or(" ");
    made.after_last = in.text("after_last").value_or("");
    made.html = in.yes_no("html", false);
    made.otherwise = in.text("or");
    read_map(in, made);
    in.finish();
    return made;
}

/// Digits with an optional fraction, in units of `per_second` to a second.
std::optional<time_point> count_of(std::string_view text, double per_second) {
    const auto dot = text.find('.');
    const auto whole = channel::number_of(text.substr(0, dot));
    const auto fraction = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    if (!whole || fraction.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    double part = 0;
    for (auto digit = fraction.rbegin(); digit != fraction.rend(); ++digit) part = (part + (*digit - '0')) / 10;
    const auto millis = std::floor((static_cast<double>(*whole) + part) * 1000 / per_second + 1e-6);
    constexpr double last_milli = 253'402'300'799'000;  // of the year 9999
    if (millis < 0 || millis > last_milli) return std::nullopt;
    return from_millis(static_cast<std::int64_t>(millis));
}

condition read_condition(channel::options& settings, const structure& given, const std::string& name,
                         std::string_view usual_reason) {
    condition made;
    known_keys in(settings, given, name);
    if (const auto path = in.required_text("path")) {
        if (auto place = field_path::parse(*path))
            made.place = std::move(*place);
        else
            in.complain("path", place.error().message);
    }
    made.is = in.texts("is");
    made.is_not = in.texts("not");
    made.starts_with = in.texts("starts_with");
    if (in.at("exists") != nullptr) made.exists = in.yes_no("exists", true);
    if (made.is.empty() && made.is_not.empty() && made.starts_with.empty() && !made.exists)
        settings.complain_at(given, name, "wants one of is, not, starts_with and exists");
    made.because = in.text("because").value_or(std::string(usual_reason));
    const auto odd = made.because.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
    if (made.because.empty() || made.because.size() > longest_reason || odd != std::string::npos)
        in.complain("because", "is the value of a metric: wants a-z, 0-9 and _, at most 40");
    in.finish();
    return made;
}

}  // namespace

std::optional<std::string> extract::text_in(const event_view& event) const {
    std::optional<std::string> found;
    switch (how) {
        case way::place: found = place.text_in(event); break;
        case way::fixed: found = fixed; break;
        case way::first: found = first_of(parts, event); break;
        case way::join: found = joined(parts, with, event); break;
    }
    if (found && !after_last.empty()) {
        const auto at = found->rfind(after_last);
        if (at != std::string::npos) *found = found->substr(at + after_last.size());
    }
    if (found && html)
        if (found = mime::text_of_html(*found); found) found = std::string(trim(*found));
    if (found && !map.empty()) {
        const auto entry = std::find_if(map.begin(), map.end(), [&](const auto& each) { return each.first == *found; });
        if (entry == map.end())
            found.reset();
        else
            found = entry->second;
    }
    if (!found || found->empty()) found = otherwise;
    if (found && found->empty()) found.reset();
    return found;
}

extract read_extract(channel::options& settings, const structure& given, const std::string& name) {
    extract made;
    switch (given.is) {
        case structure::form::text: read_place(settings, given, name, made); return made;
        case structure::form::list:
            made.how = extract::way::first;
            made.parts = read_parts(settings, given, name);
            return made;
        case structure::form::mapping: return read_mapping(settings, given, name);
    }
    return made;
}

std::optional<time_point> time_of(std::string_view text, time_extract::form form) {
    using form_of = time_extract::form;
    switch (form) {
        case form_of::rfc3339: return parse_time(text);
        case form_of::utc: return parse_time(std::string(text) + "Z");
        case form_of::unix_seconds: return count_of(text, 1);
        case form_of::unix_millis: return count_of(text, 1e3);
        case form_of::unix_micros: return count_of(text, 1e6);
        case form_of::mail: return parse_mail_date(text);
    }
    return std::nullopt;
}

std::optional<time_point> time_extract::time_in(const event_view& event) const {
    const auto text = written.text_in(event);
    return text ? time_of(*text, as) : std::nullopt;
}

time_extract read_time_extract(channel::options& settings, const structure& given, const std::string& name) {
    using form = time_extract::form;
    static constexpr std::pair<std::string_view, form> forms[]{
        {"rfc3339", form::rfc3339},     {"utc", form::utc},
        {"unix", form::unix_seconds},   {"unix_ms", form::unix_millis},
        {"unix_us", form::unix_micros}, {"mail", form::mail}};
    time_extract made;
    if (given.is != structure::form::mapping) {
        made.written = read_extract(settings, given, name);
        return made;
    }
    known_keys in(settings, given, name);
    if (const auto* path = in.require("path")) made.written = read_extract(settings, *path, in.name_of("path"));
    made.as = choose(in, "form", forms).value_or(form::rfc3339);
    in.finish();
    return made;
}

bool condition::holds(const event_view& event) const {
    if (exists && place.exists_in(event) != *exists) return false;
    const auto text = place.text_in(event).value_or("");
    const auto same = [&](const std::string& each) { return each == text; };
    const auto begins = [&](const std::string& each) { return text.starts_with(each); };
    if (!is.empty() && std::none_of(is.begin(), is.end(), same)) return false;
    if (std::any_of(is_not.begin(), is_not.end(), same)) return false;
    return starts_with.empty() || std::any_of(starts_with.begin(), starts_with.end(), begins);
}

std::vector<condition> read_conditions(channel::options& settings, const structure& given, const std::string& name,
                                       std::string_view usual_reason) {
    std::vector<condition> all;
    if (given.is != structure::form::list) {
        all.push_back(read_condition(settings, given, name, usual_reason));
        return all;
    }
    for (const auto& each : given.items) all.push_back(read_condition(settings, each, name, usual_reason));
    return all;
}

}  // namespace kindred::connectors::declared
