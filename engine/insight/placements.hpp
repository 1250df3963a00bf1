#pragma once
#include "engine/insight/ticket_story.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace kindred::insight {

/// Whether it is the brief that reports have of a decision: route, script, articles, segments, stage and nothing else.
/// A whole one has its queue behind the route. Of the same brief there are thousands.
bool is_brief_of_decision(std::string_view decision);

/// Which groups decisions put their customers in, as small numbers. A site has a few dozen combinations of groups, and
/// a decision has kilobytes of other things: each combination is read once and then known by how it is written.
class placement_table {
public:
    struct group {
        std::uint32_t dimension = 0;  ///< a number of name(); stage is one of them
        std::uint32_t name = 0;

        bool operator==(const group&) const = default;
    };

    /// The name of the dimension that stages are in.
    static constexpr std::string_view stage = "stage";

    /// The combination that the JSON of a decision says; 0 where it is in no group. Nothing where that is no JSON.
    std::optional<std::uint32_t> number_of(std::string_view decision);
    /// The group of that dimension; empty where there is none.
    std::string_view in(std::uint32_t placement, std::string_view dimension) const;
    const std::vector<group>& groups(std::uint32_t placement) const { return placements_.at(placement); }
    std::size_t size() const { return placements_.size(); }
    const std::string& name(std::uint32_t number) const { return names_.name(number); }

private:
    std::uint32_t read(std::string_view members);

    name_table names_;
    name_table written_;
    std::vector<std::vector<group>> placements_{{}};  ///< by the number of how it is written
};

}  // namespace kindred::insight
