#include "engine/dispatch/plans.hpp"

#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/wire_settings.hpp"

#include <algorithm>
#include <cstring>

namespace kindred::dispatch {

namespace {

result<void> check_step(const step& each) {
    if (each.require.size() > most_requirements) {
        return fail(errc::invalid, "too_many_requirements: a step has at most 64");
    }
    for (const requirement& demand : each.require) {
        if (auto named = check_name(demand.name, "require"); !named) return named;
        if (demand.level < 1 || demand.level > highest_level) {
            return fail(errc::invalid, "invalid_level: " + demand.name + " must be from 1 to 10");
        }
    }
    return each.lasts ? check_span(*each.lasts, "steps.for") : result<void>{};
}

/// Cheap and good enough: every enqueue pays for it, and equal hashes are compared in full.
std::uint64_t hash_of(std::span<const step> steps) {
    std::uint64_t hash = steps.size();
    const auto mix = [&hash](std::uint64_t value) {
        hash = (hash ^ value) * 0x9E37'79B9'7F4A'7C15ULL;
        hash ^= hash >> 32U;
    };
    for (const step& each : steps) {
        mix(static_cast<std::uint64_t>(each.lasts.value_or(duration{-1}).count()) * 2 + (each.skip_if_nobody ? 1 : 0));
        for (const requirement& demand : each.require) {
            const std::string& name = demand.name;
            std::uint64_t ends = 0;
            std::memcpy(&ends, name.data() + name.size() - std::min(name.size(), sizeof ends),
                        std::min(name.size(), sizeof ends));
            mix(ends ^ (std::uint64_t{demand.level} << 40U) ^ (name.size() << 48U) ^
                (static_cast<std::uint64_t>(demand.kind) << 60U));
        }
    }
    return hash;
}

}  // namespace

plan_book::plan_book() {
    signatures_.emplace_back();
    signature_numbers_.emplace(signature{}, 0);
    intern({});
}

result<void> plan_book::check(std::span<const step> steps) {
    if (steps.size() > most_steps) return fail(errc::invalid, "too_many_steps: a plan has at most 32");
    for (const step& each : steps) {
        if (auto checked = check_step(each); !checked) return checked;
    }
    return {};
}

plan_no plan_book::intern(std::span<const step> steps) {
    const auto known = latest_by_hash_.find(hash_of(steps));
    if (known != latest_by_hash_.end()) {
        for (plan_no plan = known->second;; plan = plans_[plan].same_hash) {
            if (std::equal(steps.begin(), steps.end(), plans_[plan].given.begin(), plans_[plan].given.end()))
                return plan;
            if (plans_[plan].same_hash == plan) break;
        }
    }
    std::string bytes;
    wire::writer out(bytes);
    for (const step& each : steps) out.put(each);
    return add(bytes, steps);
}

result<plan_no> plan_book::intern_encoded(std::string_view encoded_steps) {
    const auto known = plan_numbers_.find(encoded_steps);
    if (known != plan_numbers_.end()) return known->second;
    std::vector<step> steps;
    wire::reader bytes(encoded_steps);
    while (bytes.ok() && !bytes.at_end() && steps.size() <= most_steps) bytes.get(steps.emplace_back());
    if (!bytes.ok() || !check(steps)) return fail(errc::corrupt, "stored steps cannot be read");
    return add(encoded_steps, steps);
}

plan_no plan_book::add(std::string_view bytes, std::span<const step> steps) {
    plan_record made{std::string(bytes), {steps.begin(), steps.end()}, {}};
    for (const step& each : steps) {
        made.steps.push_back({intern_signature(each.require), each.lasts, each.skip_if_nobody});
    }
    if (made.steps.empty()) made.steps.emplace_back();
    const auto number = static_cast<plan_no>(plans_.size());
    plan_numbers_.emplace(made.bytes, number);
    const auto [latest, fresh] = latest_by_hash_.try_emplace(hash_of(steps), number);
    made.same_hash = fresh ? number : std::exchange(latest->second, number);
    plans_.push_back(std::move(made));
    return number;
}

signature_no plan_book::intern_signature(const std::vector<requirement>& require) {
    signature demands;
    for (const requirement& each : require) demands.emplace_back(ability(each.kind, each.name), each.level);
    std::sort(demands.begin(), demands.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.second > b.second;
    });
    // Of several levels of one ability the highest, which now stands first, says it all.
    const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
    demands.erase(std::unique(demands.begin(), demands.end(), same), demands.end());
    const auto [at, fresh] = signature_numbers_.try_emplace(demands, static_cast<signature_no>(signatures_.size()));
    if (fresh) signatures_.push_back(demands);
    return at->second;
}

ability_no plan_book::ability(ability_kind kind, std::string_view name) {
    return kind == ability_kind::skill ? skills_.intern(name) * 2 : languages_.intern(name) * 2 + 1;
}

std::pair<ability_kind, std::string_view> plan_book::ability_name(ability_no number) const {
    if (number % 2 == 0) return {ability_kind::skill, skills_.name(number / 2)};
    return {ability_kind::language, languages_.name(number / 2)};
}

}  // namespace kindred::dispatch
