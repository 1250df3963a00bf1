#pragma once
#include "engine/base/error.hpp"
#include "engine/dispatch/names.hpp"
#include "engine/dispatch/settings.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kindred::dispatch {

using ability_no = std::uint32_t;
using signature_no = std::uint32_t;
using plan_no = std::uint32_t;

/// Everything that a step demands of an agent, sorted by ability. Signature 0 demands nothing.
using signature = std::vector<std::pair<ability_no, std::uint8_t>>;

/// A step whose names are numbers.
struct compiled_step {
    signature_no demands = 0;
    std::optional<duration> lasts;
    bool skip_if_nobody = false;
};

/// Skills and languages, requirement signatures and step lists, each kept once however many tickets share it: a waiting
/// ticket carries one number.
class plan_book {
public:
    plan_book();

    /// The number of a step list; no steps is one empty step. `steps` must have passed check().
    plan_no intern(std::span<const step> steps);
    /// The number of a step list that has one already, and so passed check() before; `no_number`: it has none.
    plan_no find(std::span<const step> steps) const { return find(hash_of(steps), steps); }
    /// The number of a step list in its encoded form (`encoded(plan)`), errc::corrupt where the bytes are not one.
    result<plan_no> intern_encoded(std::string_view steps);
    /// errc::invalid where a level, a name or a duration is out of range, or there are too many of something.
    static result<void> check(std::span<const step> steps);

    const std::vector<compiled_step>& steps(plan_no plan) const { return plans_[plan].steps; }
    const std::string& encoded(plan_no plan) const { return plans_[plan].bytes; }
    const signature& demands(signature_no number) const { return signatures_[number]; }

    ability_no ability(ability_kind kind, std::string_view name);
    std::pair<ability_kind, std::string_view> ability_name(ability_no number) const;

    /// The plan without any requirement.
    static constexpr plan_no open_plan = 0;

private:
    struct plan_record {
        std::string bytes;
        std::vector<step> given;
        std::vector<compiled_step> steps;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    static std::uint64_t hash_of(std::span<const step> steps);
    plan_no find(std::uint64_t hash, std::span<const step> steps) const;
    plan_no add(std::string_view bytes, std::span<const step> steps);
    signature_no intern_signature(const std::vector<requirement>& require);

    name_table skills_;
    name_table languages_;
    std::map<signature, signature_no> signature_numbers_;
    std::vector<signature> signatures_;
    std::unordered_map<std::string, plan_no, text_hash, std::equal_to<>> encoded_plans_;
    number_table plan_numbers_;
    std::vector<plan_record> plans_;
};

}  // namespace kindred::dispatch
