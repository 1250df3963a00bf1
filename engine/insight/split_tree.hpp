#pragma once
#include "engine/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Proposes groups: which attributes of customers part those who answer differently. A regression tree, kept shallow
/// and cut back by cross-validation, so that it proposes nothing where there is nothing. (Breiman, Friedman, Olshen,
/// Stone: Classification and Regression Trees, 1984, chapters 3 and 8.)
namespace kindred::insight {

/// An attribute of every customer, in their order. Not known is NaN or an empty text.
struct attribute_column {
    std::string name;  ///< as rules write it: customer.<attribute>
    std::variant<std::vector<double>, std::vector<std::string>> values;
};

/// What customers answered: one column of numbers, or a 0/1 column for each category. Equally long, in the customers'
/// order.
using outcome_columns = std::vector<std::vector<double>>;

struct tree_policy {
    std::uint32_t depth = 3;         ///< conditions one under the other, at most; 1 to 6
    std::uint32_t least_share = 20;  ///< a group has at least one of this many customers ...
    std::uint32_t least = 20;        ///< ... and at least this many
    std::uint32_t folds = 10;
    std::uint64_t seed = 1;
};

/// A question that rules can ask as well: `at_least` for numbers, `in` for texts. Who is not known says no.
struct split {
    std::string attribute;
    std::variant<double, std::vector<std::string>> is;
};

struct tree_node {
    std::optional<split> question;  ///< none: a group
    std::uint32_t yes = 0;          ///< node number
    std::uint32_t no = 0;           ///< node number
    std::uint32_t customers = 0;
    std::vector<double> means;  ///< of each outcome column
};

struct split_tree {
    std::vector<tree_node> nodes;  ///< the first is the root
    double explained = 0;          ///< share of the variance, among customers that the tree was not learnt from
    bool proposes() const { return nodes.size() > 1; }
};

/// errc::invalid when columns differ in length, an outcome is not a number, or a policy is out of range. The same
/// arguments give the same tree on every machine.
result<split_tree> grow_tree(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                             const tree_policy& policy);

/// The tree as a dimension for segments.yaml: its groups in an order in which the first that holds is right.
/// `kind` is geographic, behavioral, demographic or psychographic.
std::string segments_yaml(const split_tree& tree, const std::string& dimension, const std::string& kind);

/// Groups that part customers by one outcome better than chance.
struct proposed_split {
    std::string outcome;
    double explained = 0;  ///< share of the variance, among customers that the split was not learnt from
    std::size_t customers = 0;
    std::string yaml;  ///< a dimension for segments.yaml
};

/// All of them as one segments.yaml, in comments how well each tells customers apart.
std::string splits_yaml(const std::vector<proposed_split>& made);

}  // namespace kindred::insight
