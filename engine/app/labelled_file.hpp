#pragma once
#include "engine/base/error.hpp"
#include "engine/understanding/intent_trainer.hpp"

#include <string>
#include <vector>

namespace kindred::app {

/// The rows of a CSV file: its columns "text" and "label", or else its first two. Problems name the file and line.
result<std::vector<understanding::labelled_text>> read_labelled_file(const std::string& path);

}  // namespace kindred::app
