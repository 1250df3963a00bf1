#include "engine/dispatch/plans.hpp"

#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/wire_settings.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

result<void> check_step(const step& each) {
    if (each.require.size() > most_requirements) {
        return out_of_range("too_many_requirements", "a step", "has at most 64");
    }
    for (const requirement& demand : each.require) {
        if (auto named = check_name(demand.name, "require"); !named) return named;
        if (demand.level < 1 || demand.level > highest_level) {
            return out_of_range("invalid_level", demand.name, "must be from 1 to 10");
        }
    }
    return each.lasts ? check_span(*each.lasts, "steps.for") : result<void>{};
}

}  // namespace

plan_book::plan_book() {
    signatures_.emplace_back();
    signature_numbers_.emplace(signature{}, 0);
    intern({});
}

result<void> plan_book::check(std::span<const step> steps) {
    if (steps.size() > most_steps) return out_of_range("too_many_steps", "a plan", "has at most 32");
    for (const step& each : steps) {
        if (auto checked = check_step(each); !checked) return checked;
    }
    return {};
}

std::uint64_t plan_book::hash_of(std::span<const step> steps) {
    std::uint64_t hash = steps.size();
    for (const step& each : steps) {
        const auto lasts = static_cast<std::uint64_t>(each.lasts.value_or(duration{-1}).count());
        hash = mixed(hash, lasts * 2 + (each.skip_if_nobody ? 1 : 0));
        for (const requirement& demand : each.require) {
            const std::uint64_t rest = (std::uint64_t{demand.level} << 1U) ^ static_cast<std::uint64_t>(demand.kind);
            hash = mixed(hash, hash_of_text(demand.name) ^ rest);
        }
    }
    return hash;
}

plan_no plan_book::find(std::uint64_t hash, std::span<const step> steps) const {
    return plan_numbers_.find(hash, [&](plan_no plan) {
        const auto& given = plans_[plan].given;
        return std::equal(steps.begin(), steps.end(), given.begin(), given.end());
    });
}

plan_no plan_book::intern(std::span<const step> steps) {
    if (const plan_no known = find(hash_of(steps), steps); known != no_number) return known;
    std::string bytes;
    wire::writer out(bytes);
    for (const step& each : steps) out.put(each);
    return add(bytes, steps);
}

result<plan_no> plan_book::intern_encoded(std::string_view encoded_steps) {
    const auto known = encoded_plans_.find(encoded_steps);
    if (known != encoded_plans_.end()) return known->second;
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
    encoded_plans_.emplace(made.bytes, number);
    plan_numbers_.insert(hash_of(steps), number);
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
