#include "engine/base/id.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/nodes/relay.hpp"

#include <algorithm>

namespace kindred::nodes {
namespace {

constexpr std::string_view desk_path = "/api/v1/desk";
constexpr std::string_view desk_frame = R"({"seq":)";  // every numbered frame of a desk begins so (desk_hub.cpp)

}  // namespace

told_so_far::told_so_far(const kept_request& asked) : desk_(asked.view().path == desk_path) {
    const auto view = asked.view();
    path_ = view.path;
    for (const auto part : split(view.query, '&')) {
        if (part.starts_with("after=")) {
            last_ = parse_number(part.substr(6)).value_or(0);
        } else if (!desk_ && part.starts_with("visitor=")) {
            visitor_ = part.substr(8);
        } else if (!part.empty()) {
            others_.append(others_.empty() ? "" : "&").append(part);
        }
    }
}

std::string told_so_far::target() const {
    auto made = path_;
    char separator = '?';
    const auto add = [&](std::string_view name, std::string_view value) {
        made.append(1, std::exchange(separator, '&')).append(name).append(value);
    };
    if (!others_.empty()) add({}, others_);
    if (!visitor_.empty()) add("visitor=", visitor_);
    if (last_ != 0) add("after=", std::to_string(last_));
    return made;
}

void told_so_far::note(std::string_view frame) {
    if (!desk_) return note_chat(frame);
    if (!frame.starts_with(desk_frame)) return;
    const auto digits = frame.substr(desk_frame.size());
    // Not the larger one: a reset begins anew, wherever that is.
    last_ = parse_number(digits.substr(0, digits.find_first_not_of("0123456789"))).value_or(last_);
}

/// As web/chat.js counts: what came, not what an acknowledgement names, which may overtake it.
void told_so_far::note_chat(std::string_view frame) {
    const auto parsed = json::document::parse(frame);
    if (!parsed) return;
    const auto number_of = [](json::value line) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(line["number"].integer().value_or(0), 0));
    };
    const auto type = (*parsed)["type"].text();
    if (type == "message") last_ = std::max(last_, number_of(parsed->root()));
    if (type != "welcome") return;
    if (const auto visitor = (*parsed)["visitor"].text(); visitor != visitor_) {
        visitor_ = visitor;
        last_ = 0;
    }
    (*parsed)["history"].for_each([&](json::value line) { last_ = std::max(last_, number_of(line)); });
}

}  // namespace kindred::nodes
