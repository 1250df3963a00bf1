#include "engine/insight/placements.hpp"

#include "engine/base/json.hpp"
#include "engine/base/json_glance.hpp"

#include <algorithm>
#include <string>

namespace kindred::insight {
namespace {

constexpr std::string_view first_member = "\"segments\":{";
constexpr std::string_view next_member = ",\"pinned\":[";

/// The members that name groups, as the rules write them: they stand together, and quotes inside of texts are escaped,
/// so that nothing else looks like them. Empty where it is written otherwise.
std::string_view members_of(std::string_view decision) {
    // Of a brief they are the end, behind all the texts; of a whole decision the facts that it read stand behind them.
    if (is_brief_of_decision(decision)) {
        const auto begin = decision.rfind(first_member);
        if (begin == std::string_view::npos) return {};
        return decision.substr(begin, decision.size() - begin - 1);
    }
    const auto begin = decision.find(first_member);
    const auto end = begin == std::string_view::npos ? begin : decision.find(next_member, begin);
    return end == std::string_view::npos ? std::string_view() : decision.substr(begin, end - begin);
}

}  // namespace

bool is_brief_of_decision(std::string_view decision) {
    constexpr std::string_view route = "{\"route\":";
    constexpr std::string_view script = ",\"script\":";
    if (!decision.starts_with(route) || decision.back() != '}') return false;
    json::glancing_place in(decision.substr(route.size()));
    if (!in.pass_value()) return false;
    const auto passed = static_cast<std::size_t>(in.at() - decision.data());
    return decision.substr(passed).starts_with(script);
}

std::optional<std::uint32_t> placement_table::number_of(std::string_view decision) {
    if (const auto members = members_of(decision); !members.empty()) return read(members);
    const auto parsed = json::document::parse(decision);
    if (!parsed) return std::nullopt;
    json::writer out;
    out.begin_object().key("segments").begin_object();
    (*parsed)["segments"].for_each_member(
        [&](std::string_view dimension, json::value segment) { out.member(dimension, segment.text()); });
    out.end_object().member("stage", (*parsed)["stage"].text()).end_object();
    const auto& text = out.text();
    return read(std::string_view(text).substr(1, text.size() - 2));
}

std::uint32_t placement_table::read(std::string_view members) {
    const auto number = written_.number_of(members);
    if (number < placements_.size()) return number;
    auto& groups = placements_.emplace_back();
    const auto parsed = json::document::parse('{' + std::string(members) + '}');
    if (!parsed) return number;
    const auto add = [&](std::string_view dimension, std::string_view name) {
        const group made{names_.number_of(dimension), names_.number_of(name)};
        const bool known = std::any_of(groups.begin(), groups.end(),
                                       [&](const group& each) { return each.dimension == made.dimension; });
        if (!known) groups.push_back(made);
    };
    (*parsed)["segments"].for_each_member(
        [&](std::string_view dimension, json::value segment) { add(dimension, segment.text()); });
    if (const auto name = (*parsed)["stage"].text(); !name.empty()) add(stage, name);
    return number;
}

std::string_view placement_table::in(std::uint32_t placement, std::string_view dimension) const {
    for (const auto& each : groups(placement))
        if (name(each.dimension) == dimension) return name(each.name);
    return {};
}

}  // namespace kindred::insight
