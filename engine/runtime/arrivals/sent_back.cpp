#include "engine/runtime/arrivals/sent_back.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::chrono::minutes lost_after{1};
constexpr std::size_t many = 1'000;

std::string name_of(const delivery& given, const channel::record& happened) {
    return given.via->name + '\n' + happened.conversation;
}

}  // namespace

void sent_back::went(const delivery& given, steady::time_point now) {
    if (away_.size() >= many)
        std::erase_if(away_, [&](const auto& each) { return now > each.second.since + lost_after; });
    for (const auto& each : given.records) {
        if (each.conversation.empty()) continue;
        auto& here = away_[name_of(given, each)];
        // What was lost counts no more, or it would send back whatever comes for as long as something comes.
        if (here.deliveries == 0 || now > here.since + lost_after) here = {0, now};
        ++here.deliveries;
    }
}

void sent_back::came(const delivery& given) {
    for (const auto& each : given.records) {
        const auto at = away_.find(name_of(given, each));
        if (at != away_.end() && --at->second.deliveries == 0) away_.erase(at);
    }
}

bool sent_back::concerns(const delivery& given, steady::time_point now) const {
    if (away_.empty()) return false;
    return std::any_of(given.records.begin(), given.records.end(), [&](const channel::record& each) {
        const auto at = away_.find(name_of(given, each));
        return at != away_.end() && now <= at->second.since + lost_after;
    });
}

}  // namespace kindred::runtime
