#pragma once
#include "engine/base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The files of a ruleset as values: what the store keeps by hash, and what is compiled.
namespace kindred::rules {

struct rule_file {
    std::string path;  ///< relative to the folder, with '/'
    std::string bytes;

    bool operator==(const rule_file&) const = default;
};

/// In byte order of their paths.
using rule_files = std::vector<rule_file>;

/// The files of a folder that belong to a ruleset: *.yaml and *.md. errc::not_found or errc::io when it cannot be read,
/// errc::too_large over 32 MiB in all. Symbolic links that lead out of the folder are refused.
result<rule_files> read_folder(const std::filesystem::path& folder);

/// One string that holds all files, and back. errc::corrupt for bytes that pack() did not make.
std::string pack(const rule_files& files);
result<rule_files> unpack(std::string_view bytes);

/// SHA-256 over names and bytes, in order, as 64 hex digits: the name of the ruleset.
std::string hash_of(const rule_files& files);

}  // namespace kindred::rules
