#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kindred::insight {

/// How many customers went from one group to another, and how long they had been in the first.
struct group_flow {
    std::string from;
    std::string to;
    std::uint64_t moved = 0;
    std::optional<duration> median_stay;  ///< of those who moved

    bool operator==(const group_flow&) const = default;
};

/// Follows customers through the groups of one dimension by what decisions said of them, in the order of time. A stay
/// begins with the first decision that saw the customer in the group.
class group_flows {
public:
    /// Counts moves from `from` until before `until`.
    group_flows(time_point from, time_point until) : from_(from), until_(until) {}

    void decided(customer_id whose, std::string_view group, time_point at);
    /// By names of `from`, then `to`.
    std::vector<group_flow> finish() const;

private:
    struct stay {
        std::uint32_t group = 0;
        time_point since;
    };
    std::uint32_t number_of(std::string_view group);

    time_point from_;
    time_point until_;
    std::vector<std::string> names_;
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::unordered_map<std::uint64_t, stay> stays_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<duration>> moves_;
};

}  // namespace kindred::insight
