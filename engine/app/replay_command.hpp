#pragma once
#include <iosfwd>
#include <string>
#include "engine/app/command_line.hpp"

namespace kindred::app {

struct replay_arguments {
    std::string store;  ///< an engine's store, which may be in use
    bool json = false;
};

/// `kindred replay`: tells a new dispatcher everything that the store's journal has, and compares. 0 when that leads to
/// the state that is stored, 1 when it leads elsewhere or cannot be told, 3 when the store cannot be read or its
/// journal does not go back to the beginning.
int run_replay(const replay_arguments& given, std::ostream& out, std::ostream& err);

void add_replay_command(const command& program);

}  // namespace kindred::app
