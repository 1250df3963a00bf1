#pragma once
#include "engine/app/config.hpp"

namespace kindred::app {

/// `store`: an SQLite file of this process alone, or a site in Redis that several nodes share. `file` is the
/// configuration's: a copy that is given no place lies beside it. `needed`: one of them has to be there.
void read_store(const settings::field& given, const std::filesystem::path& file, bool needed, config& into);

}  // namespace kindred::app
