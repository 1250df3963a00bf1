#include "engine/insight/split_tree.hpp"

#include "engine/insight/best_split.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

namespace kindred::insight {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// A grown node with what cutting it back would cost.
struct grown_node {
    tree_node node;
    std::size_t column = 0;
    double error = 0;       ///< of its customers, were it a group
    double cut_at = never;  ///< the complexity price from which on it is one
};

class grower {
public:
    grower(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes, const tree_policy& policy)
        : attributes_(attributes), outcomes_(outcomes), policy_(policy), search_(attributes, outcomes) {}

    /// From the rows for which `learnt` holds.
    std::vector<grown_node> grow(const std::vector<bool>& learnt) const {
        std::vector<grown_node> nodes;
        auto those = search_.those(learnt);
        const std::size_t least =
            std::max<std::size_t>({policy_.least, those.rows.size() / policy_.least_share, std::size_t{1}});
        add(nodes, std::move(those), policy_.depth, least);
        price(nodes);
        return nodes;
    }

    /// The number of the group that a row falls into when everything that costs at least `price` is cut.
    std::uint32_t group_of(const std::vector<grown_node>& nodes, double price, std::uint32_t row) const {
        std::uint32_t at = 0;
        while (nodes[at].node.question && nodes[at].cut_at > price) {
            const auto& here = nodes[at];
            at = says_yes(attributes_[here.column], *here.node.question, row) ? here.node.yes : here.node.no;
        }
        return at;
    }

private:
    std::uint32_t add(std::vector<grown_node>& nodes, split_rows those, std::uint32_t depth, std::size_t least) const {
        const auto own = static_cast<std::uint32_t>(nodes.size());
        const auto& rows = those.rows;
        grown_node made;
        made.node.customers = static_cast<std::uint32_t>(rows.size());
        for (const auto& column : outcomes_) {
            double sum = 0;
            for (const std::uint32_t row : rows) sum += column[row];
            made.node.means.push_back(rows.empty() ? 0 : sum / static_cast<double>(rows.size()));
        }
        made.error = error_of(outcomes_, rows);
        nodes.push_back(std::move(made));
        if (depth == 0) return own;
        auto found = search_.best(those, least);
        if (!found || !(found->gain > nodes[own].error * 1e-12)) return own;
        auto others = search_.part(those, found->column, found->question);
        const std::uint32_t yes = add(nodes, std::move(those), depth - 1, least);
        const std::uint32_t no = add(nodes, std::move(others), depth - 1, least);
        nodes[own].column = found->column;
        nodes[own].node.question = std::move(found->question);
        nodes[own].node.yes = yes;
        nodes[own].node.no = no;
        return own;
    }

    struct below {
        double error = 0;
        std::uint32_t groups = 0;
    };
    static below kept_below(const std::vector<grown_node>& nodes, std::uint32_t at) {
        const auto& here = nodes[at];
        if (!here.node.question || here.cut_at != never) return {here.error, 1};
        const below yes = kept_below(nodes, here.node.yes);
        const below no = kept_below(nodes, here.node.no);
        return {yes.error + no.error, yes.groups + no.groups};
    }

    /// Weakest links first: each round cuts the node whose branch explains least for each group that it adds.
    static void price(std::vector<grown_node>& nodes) {
        double last = 0;
        while (nodes[0].node.question && nodes[0].cut_at == never) {
            std::uint32_t weakest = 0;
            double least = never;
            visit_kept(nodes, 0, [&](std::uint32_t at) {
                const below under = kept_below(nodes, at);
                const double cost = (nodes[at].error - under.error) / (under.groups - 1);
                if (cost < least) {
                    least = cost;
                    weakest = at;
                }
            });
            last = std::max(last, least);
            nodes[weakest].cut_at = last;
        }
    }
    template <class Visit>
    static void visit_kept(const std::vector<grown_node>& nodes, std::uint32_t at, const Visit& visit) {
        if (!nodes[at].node.question || nodes[at].cut_at != never) return;
        visit(at);
        visit_kept(nodes, nodes[at].node.yes, visit);
        visit_kept(nodes, nodes[at].node.no, visit);
    }

    const std::vector<attribute_column>& attributes_;
    const outcome_columns& outcomes_;
    const tree_policy& policy_;
    split_search search_;
};

/// Prices between two cuts: the geometric means, as Breiman et al. judge by.
std::vector<double> prices_of(const std::vector<grown_node>& nodes) {
    std::vector<double> cuts{0};
    for (const auto& each : nodes) {
        if (each.cut_at != never) cuts.push_back(each.cut_at);
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::vector<double> prices;
    for (std::size_t each = 0; each + 1 < cuts.size(); ++each) prices.push_back(std::sqrt(cuts[each] * cuts[each + 1]));
    prices.push_back(never);  // the root alone
    return prices;
}

double squared_distance(const outcome_columns& outcomes, std::uint32_t row, const std::vector<double>& means) {
    double sum = 0;
    for (std::size_t each = 0; each < outcomes.size(); ++each)
        sum += (outcomes[each][row] - means[each]) * (outcomes[each][row] - means[each]);
    return sum;
}

struct judged {
    double mean = 0;
    double standard_error = 0;
};

/// What each price costs among customers that the tree was not grown from.
std::vector<judged> judge(const grower& grows, const outcome_columns& outcomes, const std::vector<double>& prices,
                          const tree_policy& policy) {
    const auto all = static_cast<std::uint32_t>(outcomes.front().size());
    std::vector<std::uint32_t> order(all);
    std::iota(order.begin(), order.end(), 0U);
    std::mt19937_64 random(policy.seed);
    for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random() % left]);
    std::vector<double> sum(prices.size(), 0.0);
    std::vector<double> squares(prices.size(), 0.0);
    for (std::uint32_t fold = 0; fold < policy.folds; ++fold) {
        std::vector<bool> learnt(all, true);
        std::vector<std::uint32_t> asked;
        for (std::size_t place = fold; place < order.size(); place += policy.folds) {
            asked.push_back(order[place]);
            learnt[order[place]] = false;
        }
        const auto nodes = grows.grow(learnt);
        for (const std::uint32_t row : asked) {
            for (std::size_t each = 0; each < prices.size(); ++each) {
                const std::uint32_t group = grows.group_of(nodes, prices[each], row);
                const double error = squared_distance(outcomes, row, nodes[group].node.means);
                sum[each] += error;
                squares[each] += error * error;
            }
        }
    }
    std::vector<judged> made;
    const auto n = static_cast<double>(all);
    for (std::size_t each = 0; each < prices.size(); ++each) {
        const double mean = sum[each] / n;
        made.push_back({mean, std::sqrt(std::max(0.0, squares[each] / n - mean * mean) / n)});
    }
    return made;
}

std::uint32_t keep(const std::vector<grown_node>& grown, double price, std::uint32_t at, std::vector<tree_node>& out) {
    const auto own = static_cast<std::uint32_t>(out.size());
    out.push_back(grown[at].node);
    if (!grown[at].node.question || grown[at].cut_at <= price) {
        out[own].question.reset();
        out[own].yes = out[own].no = 0;
        return own;
    }
    const std::uint32_t yes = keep(grown, price, grown[at].node.yes, out);
    const std::uint32_t no = keep(grown, price, grown[at].node.no, out);
    out[own].yes = yes;
    out[own].no = no;
    return own;
}

result<void> check(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                   const tree_policy& policy) {
    if (policy.depth < 1 || policy.depth > 6) return fail(errc::invalid, "depth must be 1 to 6");
    if (policy.folds < 2 || policy.folds > 100) return fail(errc::invalid, "folds must be 2 to 100");
    if (policy.least_share == 0) return fail(errc::invalid, "least_share must be at least 1");
    if (outcomes.empty() || outcomes.front().empty()) return fail(errc::invalid, "no customer has an outcome");
    const std::size_t rows = outcomes.front().size();
    for (const auto& column : outcomes) {
        if (column.size() != rows) return fail(errc::invalid, "outcome columns differ in length");
        if (!std::all_of(column.begin(), column.end(), [](double each) { return std::isfinite(each); }))
            return fail(errc::invalid, "an outcome is not a number");
    }
    for (const auto& each : attributes) {
        const std::size_t size = std::visit([](const auto& values) { return values.size(); }, each.values);
        if (size != rows) return fail(errc::invalid, each.name + " does not have a value for each customer");
    }
    return {};
}

}  // namespace

result<split_tree> grow_tree(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                             const tree_policy& policy) {
    if (auto fine = check(attributes, outcomes, policy); !fine) return fine.error();
    const grower grows(attributes, outcomes, policy);
    std::vector<std::uint32_t> rows(outcomes.front().size());
    std::iota(rows.begin(), rows.end(), 0U);
    const double error = error_of(outcomes, rows) / static_cast<double>(rows.size());
    const auto grown = grows.grow(std::vector<bool>(rows.size(), true));
    const auto prices = prices_of(grown);
    const auto costs = judge(grows, outcomes, prices, policy);
    const auto best =
        std::min_element(costs.begin(), costs.end(), [](const judged& a, const judged& b) { return a.mean < b.mean; });
    // The simplest tree that is within one standard error of the best: what is left would be found again.
    std::size_t chosen = costs.size() - 1;
    while (chosen > 0 && costs[chosen].mean > best->mean + best->standard_error) --chosen;
    split_tree made;
    keep(grown, prices[chosen], 0, made.nodes);
    made.explained = error > 0 ? std::max(0.0, 1 - costs[chosen].mean / error) : 0;
    return made;
}

}  // namespace kindred::insight
