#include "engine/insight/group_flows.hpp"

#include <algorithm>
#include <tuple>

namespace kindred::insight {
namespace {

/// Of an even number the mean of the two in the middle.
duration median_of(std::vector<duration> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

std::uint32_t group_flows::number_of(std::string_view group) {
    if (const auto found = numbers_.find(group); found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(group);
    numbers_.emplace(std::string(group), number);
    return number;
}

void group_flows::decided(std::uint32_t whose, std::uint32_t group, time_point at) {
    if (at >= until_) return;
    auto& held = stay_of(whose);
    if (held.group == group) return;
    if (held.group != nowhere) count(held.group, group, held.since, at);
    held = {at, group};
}

void group_flows::moved(std::uint32_t whose, std::uint32_t from, std::uint32_t to, time_point at) {
    if (at >= until_) return;
    auto& held = stay_of(whose);
    // Who was never seen in `from` came there at a time that nobody knows.
    count(from, to, held.group == from ? std::optional(held.since) : std::nullopt, at);
    held = {at, to};
}

group_flows::stay& group_flows::stay_of(std::uint32_t whose) {
    if (whose >= stays_.size()) stays_.resize(std::max<std::size_t>(whose + std::size_t{1}, stays_.size() * 2));
    return stays_[whose];
}

void group_flows::count(std::uint32_t from, std::uint32_t to, std::optional<time_point> since, time_point at) {
    if (at < from_) return;
    auto& all = moves_[{from, to}];
    ++all.count;
    if (since) all.stays.push_back(at - *since);
}

std::vector<group_flow> group_flows::finish() const {
    std::vector<group_flow> flows;
    for (const auto& [between, all] : moves_)
        flows.push_back({names_[between.first], names_[between.second], all.count,
                         all.stays.empty() ? std::nullopt : std::optional(median_of(all.stays))});
    std::sort(flows.begin(), flows.end(),
              [](const auto& a, const auto& b) { return std::tie(a.from, a.to) < std::tie(b.from, b.to); });
    return flows;
}

}  // namespace kindred::insight
