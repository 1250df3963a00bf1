#include "engine/runtime/arrivals/admission.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

/// An entry of `blocked`: an identity, an address as the provider writes it, or "*@example.com".
bool names(const std::string& entry, const channel::record& happened) {
    if (equal_ignoring_case(entry, happened.from)) return true;
    return std::any_of(happened.identities.begin(), happened.identities.end(), [&](const identity& each) {
        const auto domain = customers::domain_of(each.text);
        return entry == each.text || "email:" + entry == each.text || "phone:" + entry == each.text ||
               (!domain.empty() && "email:" + to_lower_ascii(entry) == domain);
    });
}

bool is_blocked(const world& on, const channel_entry& via, const channel::record& happened, time_point now) {
    if (on.blocks.size() > 0)
        for (const auto& each : happened.identities)
            if (on.blocks.find(each.text, now) != nullptr) return true;
    return std::any_of(via.policy.blocked.begin(), via.policy.blocked.end(),
                       [&](const auto& entry) { return names(entry, happened); });
}

}  // namespace

std::string why_not_admitted(step& in, const channel_entry& via, const channel::record& happened) {
    if (is_blocked(in.on(), via, happened, in.now())) return "blocked_sender";
    // A call comes once; who calls again and again is somebody in need, not a flood.
    if (!via.policy.flood_limit || happened.kind == channel::record_kind::call) return {};
    const auto& sender = happened.identities.empty() ? happened.from : happened.identities.front().text;
    return in.on().floods.admit(via.name + '\n' + sender, *via.policy.flood_limit, in.now()) ? "" : "flood_limit";
}

}  // namespace kindred::runtime
