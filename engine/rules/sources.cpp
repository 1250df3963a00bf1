#include "engine/rules/sources.hpp"

#include "engine/rules/file_shapes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kindred::rules {
namespace {

constexpr std::array<std::pair<std::string_view, file_kind>, 11> kinds{{
    {"profile", file_kind::profile},
    {"segments", file_kind::segments},
    {"stages", file_kind::stages},
    {"calendars", file_kind::calendars},
    {"skills", file_kind::skills},
    {"queues", file_kind::queues},
    {"routing", file_kind::routing},
    {"site", file_kind::site},
    {"surveys", file_kind::surveys},
    {"macros", file_kind::macros},
    {"tests", file_kind::tests},
}};

/// Whether the names that a file makes can be read from it at all.
bool is_sound(const settings::node& root, file_kind kind) {
    if (root.kind == settings::node_kind::nothing) return true;
    if (root.kind != settings::node_kind::mapping) return false;
    for (const auto& key : shape_of(kind).keys) {
        const auto* value = root.find(key.name);
        const bool is_table = key.value.form(settings::shape_kind::table) != nullptr;
        const bool is_list = key.value.form(settings::shape_kind::list) != nullptr;
        if (value == nullptr && key.required) return false;
        if (value == nullptr || (!is_table && !is_list)) continue;
        if (value->kind != (is_table ? settings::node_kind::mapping : settings::node_kind::list)) return false;
    }
    return true;
}

std::vector<std::string> all_file_names() {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kinds)
        names.push_back(std::string(name) + (kind == file_kind::tests ? "/" : ".yaml"));
    return names;
}

}  // namespace

std::string_view name_of(file_kind kind) {
    for (const auto& [name, known_kind] : kinds)
        if (known_kind == kind) return name;
    return "";
}

std::vector<file_kind> all_file_kinds() {
    std::vector<file_kind> all;
    for (const auto& [name, kind] : kinds) all.push_back(kind);
    return all;
}

std::optional<file_kind> kind_of_file(std::string_view path) {
    for (const auto& [name, kind] : kinds) {
        if (!path.starts_with(name)) continue;
        const auto rest = path.substr(name.size());
        if (rest == ".yaml" && kind != file_kind::tests) return kind;
        const bool in_folder = rest.starts_with('/') && rest.find('/', 1) == std::string_view::npos;
        if (in_folder && rest.ends_with(".yaml") && rest.size() > 6) return kind;
    }
    return std::nullopt;
}

sources::sources(const rule_files& files, std::string_view shown_folder, settings::problems& found)
    : shown_folder_(shown_folder) {
    while (shown_folder_.size() > 1 && shown_folder_.ends_with('/')) shown_folder_.pop_back();
    for (const auto& file : files) {
        const std::string_view path = file.path;
        if (path.ends_with(".md")) {
            if (path.starts_with("scripts/")) scripts_.push_back({shown(path), file.bytes});
            if (path.starts_with("faq/")) articles_.push_back({shown(path), file.bytes});
        } else {
            take_yaml(file, found);
        }
    }
}

void sources::take_yaml(const rule_file& file, settings::problems& found) {
    const auto shown_path = shown(file.path);
    if (file.path.ends_with(".yml")) {
        found.error(shown_path, {}, "rule files end in .yaml; rename it");
        return;
    }
    const auto kind = kind_of_file(file.path);
    if (!kind) {
        found.error(shown_path, {},
                    "this file is not part of a ruleset" + settings::suggestion(file.path, all_file_names()));
        return;
    }
    present_.insert(*kind);
    auto root = settings::parse_yaml(shown_path, file.bytes, found);
    if (!root || !is_sound(*root, *kind)) refused_.insert(*kind);
    if (root) by_kind_[*kind].push_back({shown_path, std::move(*root)});
}

bool sources::may_have_had(std::string_view fact) const {
    struct family {
        std::string_view prefix;
        file_kind kind;
    };
    constexpr std::array<family, 6> families{{{"customer.", file_kind::profile},
                                              {"contact.attributes.", file_kind::profile},
                                              {"calendar.", file_kind::calendars},
                                              {"queue.", file_kind::queues},
                                              {"segment.", file_kind::segments},
                                              {"stage", file_kind::stages}}};
    return std::any_of(families.begin(), families.end(), [&](const family& each) {
        return fact.starts_with(each.prefix) && refused_.contains(each.kind);
    });
}

const std::vector<parsed_file>& sources::of(file_kind kind) const {
    static const std::vector<parsed_file> nothing;
    const auto found = by_kind_.find(kind);
    return found == by_kind_.end() ? nothing : found->second;
}

std::string sources::shown(std::string_view path) const {
    return shown_folder_.empty() ? std::string(path) : shown_folder_ + '/' + std::string(path);
}

}  // namespace kindred::rules
