#pragma once
#include "engine/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::insight {

/// How many customers went from one group to another, and how long they had been in the first.
struct group_flow {
    std::string from;
    std::string to;
    std::uint64_t moved = 0;
    std::optional<duration> median_stay;  ///< of those who moved and of whom is known since when they were there

    bool operator==(const group_flow&) const = default;
};

/// Follows customers through the groups of one dimension by what decisions said of them, and by what moved them in
/// between, in the order of time. A stay begins with the first decision that saw the customer in the group, or with the
/// move into it.
class group_flows {
public:
    /// Counts moves from `from` until before `until`.
    group_flows(time_point from, time_point until) : from_(from), until_(until) {}

    /// A group's number in this dimension, always the same.
    std::uint32_t number_of(std::string_view group);
    /// `whose`: a small number of the customer, the same in every call: whoever follows several dimensions finds it
    /// once.
    void decided(std::uint32_t whose, std::uint32_t group, time_point at);
    /// The customer was in `from`, whatever was known before, and is in `to` since.
    void moved(std::uint32_t whose, std::uint32_t from, std::uint32_t to, time_point at);
    /// By names of `from`, then `to`.
    std::vector<group_flow> finish() const;

private:
    static constexpr std::uint32_t nowhere = UINT32_MAX;
    struct stay {
        time_point since;
        std::uint32_t group = nowhere;
    };
    struct moves {
        std::uint64_t count = 0;
        std::vector<duration> stays;
    };
    stay& stay_of(std::uint32_t whose);
    void count(std::uint32_t from, std::uint32_t to, std::optional<time_point> since, time_point at);

    time_point from_;
    time_point until_;
    std::vector<std::string> names_;
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::vector<stay> stays_;  ///< by the customer's number
    std::map<std::pair<std::uint32_t, std::uint32_t>, moves> moves_;
};

}  // namespace kindred::insight
