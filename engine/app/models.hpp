#pragma once
#include "engine/app/config.hpp"
#include "engine/runtime/arrivals/contact_reader.hpp"
#include "engine/understanding/intent_model.hpp"
#include "engine/understanding/language_model.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace kindred::app {

/// The whole file; errc::not_found, errc::io, or errc::too_large beyond `most` bytes, with its path.
result<std::string> read_whole_file(const std::filesystem::path& path, std::size_t most = 1U << 29U);

/// The error's message names the path.
result<std::shared_ptr<const understanding::language_model>> load_language_model(const std::filesystem::path& path);
result<std::shared_ptr<const understanding::intent_model>> load_intent_model(const std::filesystem::path& path);

/// lid.176.ftz where `tools/setup` puts it (in the folder of models beside or above the program or the working
/// directory) or a package would (/usr/share/kindred); empty when it is in none of them.
std::filesystem::path installed_language_model();

/// The models that a configuration asks for.
result<runtime::reading_models> load_models(const understanding_settings& wanted);

}  // namespace kindred::app
