#include "engine/base/json.hpp"
#include "engine/insight/split_tree.hpp"

#include <fmt/format.h>
#include <set>
#include <vector>

namespace kindred::insight {
namespace {

std::string condition_of(const split& question) {
    if (const auto* least = std::get_if<0>(&question.is))
        return fmt::format("{}: {{ at_least: {} }}", question.attribute, *least);
    std::string list;
    for (const auto& each : std::get<1>(question.is))
        list += (list.empty() ? "" : ", ") + json::literal(each);  // which is YAML, too
    return fmt::format("{}: [{}]", question.attribute, list);
}

/// "customer.lifetime_value" at least 500 is "lifetime_value_500"; countries MX and US are "country_MX_US".
std::string words_of(const split& question) {
    std::string made = question.attribute.substr(question.attribute.rfind('.') + 1);
    if (const auto* least = std::get_if<0>(&question.is)) return made + "_" + fmt::format("{}", *least);
    for (const auto& each : std::get<1>(question.is)) made += "_" + each;
    return made;
}

class writer {
public:
    explicit writer(const split_tree& tree) : tree_(tree) {}

    std::string groups() {
        visit(0, {});
        return std::move(text_);
    }

private:
    /// Who said no to a question comes after all who said yes to it, so a group's condition need not repeat the no.
    void visit(std::uint32_t at, std::vector<const split*> said_yes) {
        const auto& node = tree_.nodes[at];
        if (!node.question) return add(node, said_yes);
        auto yes = said_yes;
        yes.push_back(&*node.question);
        visit(node.yes, std::move(yes));
        visit(node.no, std::move(said_yes));
    }
    void add(const tree_node& node, const std::vector<const split*>& said_yes) {
        std::string when;
        std::string name;
        for (const split* each : said_yes) {
            when += (when.empty() ? "" : ", ") + fmt::format("{{ {} }}", condition_of(*each));
            name += (name.empty() ? "" : "_and_") + words_of(*each);
        }
        if (name.empty()) name = "others";
        std::string clean;
        for (const char each : name) {
            const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                               (each >= '0' && each <= '9') || each == '_';
            clean += plain ? each : '_';
        }
        for (int more = 2; !names_.insert(clean).second; ++more) clean += "_" + std::to_string(more);
        text_ += fmt::format("      - {{ name: {}{} }}  # {} customers\n", clean,
                             when.empty() ? "" : fmt::format(", when: {{ all: [{}] }}", when), node.customers);
    }

    const split_tree& tree_;
    std::set<std::string> names_;
    std::string text_;
};

}  // namespace

std::string segments_yaml(const split_tree& tree, const std::string& dimension, const std::string& kind) {
    return fmt::format("segments:\n  {}:\n    kind: {}\n    groups:\n{}", dimension, kind, writer(tree).groups());
}

std::string splits_yaml(const std::vector<proposed_split>& made) {
    constexpr std::string_view head = "segments:\n";
    if (made.empty()) return "# nothing that is known of customers parts them better than chance\n";
    std::string text(head);
    for (const auto& each : made) {
        text += fmt::format("  # {}: {:.1f} % of the differences among {} customers\n", each.outcome,
                            each.explained * 100, each.customers);
        text += each.yaml.substr(head.size());
    }
    return text;
}

}  // namespace kindred::insight
