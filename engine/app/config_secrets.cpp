#include "engine/app/config_secrets.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace kindred::app {
namespace {

std::optional<std::string> from_file(const settings::field& given, const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        given.error("cannot be read from " + file.string());
        return std::nullopt;
    }
    std::error_code failed;
    const auto permissions = std::filesystem::status(file, failed).permissions();
    using std::filesystem::perms;
    if (!failed && (permissions &
                    (perms::group_read | perms::others_read | perms::group_write | perms::others_write)) != perms::none)
        given.warning("the file " + file.string() + " can be read by others: chmod 600 it");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

std::optional<std::string> from_environment(const settings::field& given, const std::string& name) {
    // Read before any other thread runs; nothing sets variables later.
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr) {
        given.error("the environment variable " + name + " is not set");
        return std::nullopt;
    }
    return std::string(value);
}

std::optional<std::string> one_secret(const settings::field& given, const std::filesystem::path& folder) {
    if (!given.is_mapping()) return given.text();
    auto source = given.as_section();
    const auto file = source.at("file").text();
    const auto variable = source.at("env").text();
    source.finish();
    if (file && !variable) return from_file(given, folder / *file);
    if (variable && !file) return from_environment(given, *variable);
    given.error("wants one of file and env");
    return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> read_secrets(const settings::field& given,
                                                     const std::filesystem::path& folder) {
    if (!given.present()) return std::nullopt;
    std::vector<std::string> all;
    if (!given.is_list()) {
        auto one = one_secret(given, folder);
        if (!one) return std::nullopt;
        all.push_back(std::move(*one));
        return all;
    }
    for (const auto& each : given.list()) {
        auto one = one_secret(each, folder);
        if (!one) return std::nullopt;
        all.push_back(std::move(*one));
    }
    return all;
}

}  // namespace kindred::app
