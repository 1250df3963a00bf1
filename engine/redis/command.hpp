#pragma once
#include <span>
#include <string>
#include <vector>

namespace kindred::redis {

/// A command's name and arguments; any bytes.
using command = std::vector<std::string>;

/// Appends the commands to `out` as they go over the wire.
void encode(std::span<const command> commands, std::string& out);

}  // namespace kindred::redis
