#include "connectors/declared/field_path.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::declared {
namespace {

constexpr std::string_view of_header = "header:";
constexpr std::string_view of_query = "query:";

/// "~1" is '/', "~0" is '~'; any other '~' is a mistake.
result<std::string> unescaped(std::string_view step) {
    std::string made;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] != '~') {
            made += step[i];
            continue;
        }
        const char next = i + 1 < step.size() ? step[++i] : '\0';
        if (next != '0' && next != '1') return fail(errc::invalid, "a ~ in a path is written ~0");
        made += next == '0' ? '~' : '/';
    }
    return made;
}

}  // namespace

result<std::vector<std::string>> pointer_steps(std::string_view written) {
    std::vector<std::string> steps;
    if (written.empty()) return steps;
    if (!written.starts_with('/')) return fail(errc::invalid, "a path begins with /, as /customer/id does");
    for (const auto each : split(written.substr(1), '/')) {
        auto step = unescaped(each);
        if (!step) return step.error();
        steps.push_back(std::move(*step));
    }
    return steps;
}

json::value follow(json::value from, const std::vector<std::string>& steps) {
    for (const auto& step : steps) {
        if (!from.is_array()) {
            from = from[step];
            continue;
        }
        const auto index = channel::number_of(step);
        if (!index || *index < 0) return {};
        from = from.at(static_cast<std::size_t>(*index));
    }
    return from;
}

result<field_path> field_path::parse(std::string_view written) {
    field_path made;
    const bool header = written.starts_with(of_header);
    if (header || written.starts_with(of_query)) {
        made.from_ = header ? source::header : source::query;
        made.name_ = trim(written.substr(header ? of_header.size() : of_query.size()));
        if (made.name_.empty()) return fail(errc::invalid, "wants a name after \"" + std::string(written) + "\"");
        return made;
    }
    if (written.starts_with('$')) {
        made.from_ = source::body;
        written.remove_prefix(1);
    } else if (!written.starts_with('/')) {
        return fail(errc::invalid,
                    "wants a path such as /customer/id, $/account, header:X-Event or query:id; "
                    "a fixed text is {text: ...}");
    }
    auto steps = pointer_steps(written);
    if (!steps) return steps.error();
    made.steps_ = std::move(*steps);
    return made;
}

json::value field_path::value_in(const event_view& event) const {
    if (from_ == source::event) return follow(event.event, steps_);
    if (from_ == source::body) return follow(event.root, steps_);
    return {};
}

std::optional<std::string> field_path::text_in(const event_view& event) const {
    std::optional<std::string> found;
    if (from_ == source::header) {
        if (const auto header = event.request->single_header(name_); header && is_utf8(*header)) found = *header;
    } else if (from_ == source::query) {
        found = event.request->query_parameter(name_);
        if (found && !is_utf8(*found)) found.reset();
    } else {
        const auto value = value_in(event);
        if (value.is_string())
            found = value.text();
        else if (value.is_number() || value.is_bool())
            found = value.to_text();
    }
    if (found && found->empty()) found.reset();
    return found;
}

bool field_path::exists_in(const event_view& event) const {
    if (from_ == source::header) return event.request->single_header(name_).has_value();
    if (from_ == source::query) return event.request->query_parameter(name_).has_value();
    return value_in(event).exists();
}

}  // namespace kindred::connectors::declared
