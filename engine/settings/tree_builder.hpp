#pragma once
#include "engine/settings/source_text.hpp"
#include "engine/settings/tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace kindred::settings {

/// Builds the tree from the parser's events and refuses what rule files may not use.
class tree_builder final : public YAML::EventHandler {
public:
    /// Thrown out of the parser, which has no other way to be ended early. The problem is already reported.
    struct stop {};

    static constexpr const char* no_aliases = "aliases (*) are not allowed; write the value out";

    tree_builder(std::string_view file, source_text& source, int most_depth, problems& found)
        : file_(file), source_(source), most_depth_(most_depth), found_(found) {}

    node take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override { close(); }

private:
    /// A list or mapping that is still being filled.
    struct open_node {
        node value;
        std::string key;  ///< of a mapping: the key whose value comes next
        position key_at;
        bool has_key = false;
        bool key_is_twin = false;
        std::unordered_set<std::string> keys;
    };

    position at(const YAML::Mark& mark) { return source_.at(static_cast<std::size_t>(mark.pos)); }
    void check_properties(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
    void open(node_kind kind, const YAML::Mark& mark);
    void close();
    bool wants_key() const;
    void take_key(const std::string& key, position at);
    void place(node value);
    [[noreturn]] void refuse(position at, std::string message);

    std::string_view file_;
    source_text& source_;
    int most_depth_;
    problems& found_;
    node root_;
    std::vector<open_node> open_;
    int documents_ = 0;
    std::size_t twins_ = 0;  ///< keys given twice so far
};

}  // namespace kindred::settings
