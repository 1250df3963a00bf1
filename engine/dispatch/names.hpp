#pragma once
#include "engine/dispatch/number_table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::dispatch {

/// Names to dense numbers and back. Numbers are only meaningful inside one dispatcher and never leave it.
class name_table {
public:
    std::uint32_t intern(std::string_view name) {
        if (const auto known = find(name)) return *known;
        const auto number = static_cast<std::uint32_t>(names_.size());
        names_.emplace_back(name);
        numbers_.insert(hash_of_text(name), number);
        return number;
    }
    std::optional<std::uint32_t> find(std::string_view name) const {
        const auto found =
            numbers_.find(hash_of_text(name), [&](std::uint32_t number) { return names_[number] == name; });
        if (found == no_number) return std::nullopt;
        return found;
    }
    const std::string& name(std::uint32_t number) const { return names_[number]; }
    std::size_t size() const { return names_.size(); }

private:
    std::vector<std::string> names_;
    number_table numbers_;
};

}  // namespace kindred::dispatch
