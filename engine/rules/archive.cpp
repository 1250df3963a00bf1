#include "engine/rules/archive.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace kindred::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = std::size_t{32} << 20U;
constexpr std::string_view archive_mark = "kindred-rules 1\n";

bool belongs(const fs::path& path) {
    const auto extension = path.extension();
    return extension == ".yaml" || extension == ".yml" || extension == ".md";
}

/// Whether the file is, links resolved, inside the folder.
bool is_inside(const fs::path& path, const fs::path& folder) {
    std::error_code failed;
    const auto real = fs::canonical(path, failed);
    if (failed) return false;
    const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), real.begin(), real.end());
    return end == folder.end();
}

result<std::string> read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    if (!in || !(bytes << in.rdbuf() || in.peek() == std::ifstream::traits_type::eof()))
        return fail(errc::io, path.string() + ": cannot be read");
    return std::move(bytes).str();
}

/// "<size>\n" from the front of the archive.
std::optional<std::size_t> take_size(std::string_view& bytes) {
    std::size_t size = 0;
    const auto [end, failed] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), size);
    if (failed != std::errc{} || end == bytes.data() + bytes.size() || *end != '\n') return std::nullopt;
    bytes.remove_prefix(static_cast<std::size_t>(end - bytes.data()) + 1);
    return size;
}

std::optional<std::string> take_bytes(std::string_view& bytes) {
    const auto size = take_size(bytes);
    if (!size || *size > bytes.size()) return std::nullopt;
    std::string taken(bytes.substr(0, *size));
    bytes.remove_prefix(*size);
    return taken;
}

}  // namespace

result<rule_files> read_folder(const fs::path& folder) {
    std::error_code failed;
    const auto root = fs::canonical(folder, failed);
    if (failed || !fs::is_directory(root, failed))
        return fail(errc::not_found, folder.string() + ": there is no such folder");
    rule_files files;
    std::size_t total = 0;
    fs::recursive_directory_iterator walk(root, failed);
    for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
        const auto& path = walk->path();
        std::error_code ignored;
        const bool hidden = path.filename().string().starts_with('.');
        if (hidden && walk->is_directory(ignored)) walk.disable_recursion_pending();
        if (hidden || !belongs(path) || !walk->is_regular_file(ignored)) continue;
        const auto name = fs::relative(path, root, ignored).generic_string();
        if (!is_inside(path, root)) return fail(errc::forbidden, name + ": links to a file outside the folder");
        auto bytes = read_file(path);
        if (!bytes) return bytes.error();
        total += bytes->size();
        if (total > most_bytes)
            return fail(errc::too_large, folder.string() + ": the files have more than 32 MiB in all");
        files.push_back({name, std::move(*bytes)});
    }
    if (failed) return fail(errc::io, folder.string() + ": " + failed.message());
    std::sort(files.begin(), files.end(), [](const auto& left, const auto& right) { return left.path < right.path; });
    return files;
}

std::string pack(const rule_files& files) {
    std::string out(archive_mark);
    const auto put = [&](std::string_view bytes) {
        out += std::to_string(bytes.size()) + '\n';
        out += bytes;
    };
    out += std::to_string(files.size()) + '\n';
    for (const auto& each : files) {
        put(each.path);
        put(each.bytes);
    }
    return out;
}

result<rule_files> unpack(std::string_view bytes) {
    const auto corrupt = [] { return fail(errc::corrupt, "these bytes are not an archive of rule files"); };
    if (!bytes.starts_with(archive_mark)) return corrupt();
    bytes.remove_prefix(archive_mark.size());
    const auto count = take_size(bytes);
    if (!count) return corrupt();
    rule_files files;
    for (std::size_t i = 0; i < *count; ++i) {
        auto path = take_bytes(bytes);
        auto content = path ? take_bytes(bytes) : std::nullopt;
        if (!content) return corrupt();
        files.push_back({std::move(*path), std::move(*content)});
    }
    if (!bytes.empty()) return corrupt();
    return files;
}

std::string hash_of(const rule_files& files) {
    const auto digest = sha256(pack(files));
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace kindred::rules
