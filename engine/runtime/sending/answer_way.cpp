#include "engine/runtime/sending/answer_way.hpp"

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

constexpr std::array<std::string_view, 3> names{"link", "buttons", "digits"};

}  // namespace

std::string_view name_of(answer_way way) { return names.at(static_cast<std::size_t>(way) - 1); }

answer_way answer_way_named(std::string_view name) {
    const auto* const found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? answer_way::link : static_cast<answer_way>(found - names.begin() + 1);
}

std::optional<answer_way> answer_way_in(const channel_entry& via) {
    if (via.connector == "webchat") return answer_way::buttons;
    switch (via.kind) {
        case channel_kind::social: return answer_way::digits;
        case channel_kind::email:
        case channel_kind::chat:
        case channel_kind::api: return answer_way::link;
        case channel_kind::phone:
        case channel_kind::forum: break;
    }
    return std::nullopt;
}

}  // namespace kindred::runtime
