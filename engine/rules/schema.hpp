#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

/// The JSON Schema (draft-07) of one kind of file.
struct file_schema {
    std::string kind;  ///< "routing"; also "script" and "article" (the YAML heads) and "given", "contact", "customer"
    std::string describes;  ///< "routing.yaml, routing/*.yaml"
    std::string json;
};

/// The schemas of every kind of file, written from what the loader reads by. They know the facts that every ruleset
/// has, not what one ruleset names: unknown queues, skills or attributes are found by the loader alone.
std::vector<file_schema> file_schemas();

}  // namespace kindred::rules
