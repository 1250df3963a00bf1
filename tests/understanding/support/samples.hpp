#pragma once
#include "engine/understanding/intent_trainer.hpp"
#include "engine/understanding/language_model.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kindred::understanding {

std::string read_bytes(const std::filesystem::path& path);
/// The rows of a CSV file of text,label. Throws for what cannot be read.
std::vector<labelled_text> read_rows(const std::filesystem::path& path);
/// tests/understanding/samples/<name>.
std::vector<labelled_text> sample_rows(const std::string& name);
/// A model learnt from samples/intents.csv, once.
const intent_model& sample_model();
/// What tools/setup fetched; null when it has not run.
std::shared_ptr<const language_model> fetched_language_model();
/// The folder of shared data sets beside the repository; may not exist.
std::filesystem::path shared_data();

}  // namespace kindred::understanding
