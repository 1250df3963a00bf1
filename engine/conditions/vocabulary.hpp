#pragma once
#include "engine/conditions/condition.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kindred::conditions {

/// The constants that conditions name, by fact. Filled while a ruleset is loaded, immutable afterwards.
class vocabulary {
public:
    /// The symbol of a constant, made when it is new. `folded` is folded text, or a choice's name.
    symbol intern(fact_id fact, std::string_view folded);
    /// 0 when no condition names it.
    symbol find(fact_id fact, std::string_view folded) const;
    /// The constant of a symbol, folded; empty for 0. Linear in the fact's constants.
    std::string_view text_of(fact_id fact, symbol constant) const;
    /// Whether any condition compares this fact with constants.
    bool has(fact_id fact) const;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    using words = std::unordered_map<std::string, symbol, text_hash, std::equal_to<>>;
    std::vector<words> by_fact_;
};

}  // namespace kindred::conditions
