#pragma once
#include "engine/settings/reader.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kindred::app {

/// A secret: a text, {file: ...} (without the line end), {env: ...}, or a list of those.
/// Nothing where it is absent or cannot be read, which is then a problem at its place.
std::optional<std::vector<std::string>> read_secrets(const settings::field& given, const std::filesystem::path& folder);

}  // namespace kindred::app
