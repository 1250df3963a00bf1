#pragma once
#include "engine/insight/group_comparison.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What the figures mean for whoever draws the segments, in words.
namespace kindred::insight {

enum class finding_kind : std::uint8_t {
    tells_apart = 1,     ///< the dimension's groups differ in an outcome
    consider_merging,    ///< two groups answer alike in everything that was asked
    consider_splitting,  ///< one group falls apart by another attribute
    predicts_nothing,    ///< the dimension makes no difference to anything
    more_answers,        ///< nothing was found, and too few answered to find it
};
std::string_view name_of(finding_kind kind);

struct finding {
    finding_kind kind = finding_kind::tells_apart;
    std::string dimension;
    std::vector<std::string> groups;  ///< it is about; empty: the dimension as a whole
    std::string outcome;              ///< empty: all of them
    std::string by;                   ///< of consider_splitting: the attribute
    std::string text;                 ///< one sentence, in English
};

/// A group of a dimension, compared inside by another attribute: `inside.dimension` is that attribute.
struct inner_comparison {
    std::string dimension;
    std::string group;
    group_comparison inside;
};

/// The findings of comparisons that were adjusted together. Order: as above, each in the order of the comparisons.
std::vector<finding> findings_of(const std::vector<group_comparison>& comparisons,
                                 const std::vector<inner_comparison>& inner, const comparison_policy& policy);

}  // namespace kindred::insight
