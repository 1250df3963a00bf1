#pragma once
#include "engine/base/json.hpp"
#include "engine/settings/diagnostic.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::settings {

enum class node_kind { nothing = 1, scalar, list, mapping };

struct member;

/// One value of a YAML file, as written: scalars stay text until a reader says what they are for.
struct node {
    node_kind kind = node_kind::nothing;
    position at;
    bool quoted = false;  ///< a quoted or block scalar
    std::string text;     ///< of a scalar
    std::vector<node> items;
    std::vector<member> members;  ///< in the file's order, keys unique

    /// The value under `key`, or none.
    const node* find(std::string_view key) const;
};

struct member {
    std::string key;
    position at;
    node value;
};

/// What a file may cost to read.
struct yaml_limits {
    std::size_t bytes = std::size_t{8} << 20U;
    int depth = 64;
};

/// The one document of a YAML text. Refused, each with its place: anchors, aliases, tags, keys that are not scalars, a
/// second document, control characters, text that is not UTF-8, more bytes or depth than the limits. Nothing when it
/// was refused; the problems then say why. A key given twice is a problem too, but the rest can still be looked at: the
/// first of the two stands. An empty file is an empty node.
std::optional<node> parse_yaml(std::string_view file, std::string_view text, problems& found, yaml_limits limits = {});

/// Whether a text may be read at all: not too long, UTF-8, without control characters; else the problem is reported.
bool check_text(std::string_view file, std::string_view text, problems& found, yaml_limits limits = {});

/// The same tree from JSON, so that one reader serves both. Without places: problems name the key.
node tree_from_json(json::value given);

/// The value on one line, as YAML's flow style: for messages.
std::string to_flow_text(const node& value);

}  // namespace kindred::settings
