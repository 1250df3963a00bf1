#pragma once
#include "engine/base/json.hpp"
#include "engine/settings/shape.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace kindred::settings {

/// Writes the definitions that conditions refer to by name ("#/definitions/<name>"), as members of the object that is
/// open.
using definitions_writer = std::function<void(json::writer& out)>;

/// The JSON Schema (draft-07) of a file of this shape, indented, with a line end. It takes what YAML 1.2 makes of the
/// file: a text may be a number or true there, as it may for the reader.
std::string json_schema(const shape& file, std::string_view title, const definitions_writer& definitions = {});

/// The schema of one value, as a value of the object or array that is open.
void write_schema(json::writer& out, const shape& value);

}  // namespace kindred::settings
