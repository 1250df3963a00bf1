#pragma once
#include "engine/rules/archive.hpp"
#include "engine/settings/reader.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

/// The kinds of YAML file that a folder of rules is made of.
enum class file_kind {
    profile = 1,
    segments,
    stages,
    calendars,
    skills,
    queues,
    routing,
    site,
    surveys,
    macros,
    tests
};
std::string_view name_of(file_kind kind);
std::vector<file_kind> all_file_kinds();

/// One parsed YAML file.
struct parsed_file {
    std::string shown_path;  ///< as problems name it
    settings::node root;
};

/// The files of a ruleset by kind. Several files of one kind (routing.yaml, routing/*.yaml) are read as one.
class sources {
public:
    /// Sorts and parses the files; files that do not belong are problems. The rule files must outlive this.
    sources(const rule_files& files, std::string_view shown_folder, settings::problems& found);

    /// The parsed files of a kind, in byte order of their paths.
    const std::vector<parsed_file>& of(file_kind kind) const;
    /// Whether there is a file of the kind, readable or not.
    bool has(file_kind kind) const { return present_.contains(kind); }
    /// Whether a fact of this name may only be missing because the file that would make it could not be read.
    bool may_have_had(std::string_view fact) const;
    /// Markdown below scripts/ or faq/.
    struct text_file {
        std::string shown_path;
        std::string_view bytes;
    };
    const std::vector<text_file>& scripts() const { return scripts_; }
    const std::vector<text_file>& articles() const { return articles_; }

    std::string shown(std::string_view path) const;

private:
    void take_yaml(const rule_file& file, settings::problems& found);
    std::string shown_folder_;
    std::map<file_kind, std::vector<parsed_file>> by_kind_;
    std::set<file_kind> present_;
    std::set<file_kind> refused_;
    std::vector<text_file> scripts_;
    std::vector<text_file> articles_;
};

/// The kind of a YAML file by its path within the folder; none when it does not belong.
std::optional<file_kind> kind_of_file(std::string_view path);

}  // namespace kindred::rules
