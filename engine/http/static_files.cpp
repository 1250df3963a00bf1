#include "engine/http/static_files.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace kindred::http {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> types{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
}};

constexpr std::string_view page_policy =
    "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

bool is_hidden(const fs::path& relative) {
    for (const auto& part : relative) {
        if (part.native().starts_with(".")) return true;
    }
    return false;
}

std::optional<std::string> content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::string content{std::istreambuf_iterator<char>(in), {}};
    return content;
}

/// In a path, unlike in a form, a plus is a plus.
std::string decode_path(std::string_view path) {
    std::string kept;
    for (const char letter : path) letter == '+' ? kept.append("%2B") : kept.append(1, letter);
    return decode_percent(kept);
}

bool names_tag(std::string_view list, std::string_view tag) {
    for (auto each : split(list, ',')) {
        each = trim(each);
        if (each.starts_with("W/")) each.remove_prefix(2);
        if (each == "*" || each == tag) return true;
    }
    return false;
}

}  // namespace

std::string_view content_type_of(std::string_view path) {
    const auto dot = path.find_last_of("./");
    if (dot != std::string_view::npos && path[dot] == '.') {
        for (const auto& [extension, type] : types) {
            if (equal_ignoring_case(path.substr(dot), extension)) return type;
        }
    }
    return "application/octet-stream";
}

static_files::static_files(std::map<std::string, std::string, std::less<>> contents) {
    for (auto& [path, content] : contents) {
        const auto digest = sha256(content);
        const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
        file made;
        made.type = content_type_of(path);
        made.tag = '"' + to_base64url(bytes.substr(0, 15)) + '"';
        made.content = std::move(content);
        files_.emplace(path, std::move(made));
    }
}

result<static_files> static_files::load(const fs::path& folder, std::size_t most_bytes) {
    std::error_code failed;
    std::map<std::string, std::string, std::less<>> contents;
    std::size_t bytes = 0;
    for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
        const auto relative = at->path().lexically_relative(folder);
        if (at->is_symlink() || !at->is_regular_file() || is_hidden(relative)) continue;
        auto content = content_of(at->path());
        if (!content) return fail(errc::io, "cannot read " + at->path().string());
        bytes += content->size();
        if (bytes > most_bytes) {
            return fail(errc::too_large, folder.string() + " holds more than " + std::to_string(most_bytes) + " bytes");
        }
        contents.emplace(relative.generic_string(), std::move(*content));
    }
    if (failed) return fail(errc::not_found, "cannot read the folder " + folder.string() + ": " + failed.message());
    return static_files(std::move(contents));
}

response static_files::answer(const request& asked, std::string_view path) const {
    if (asked.method != "GET" && asked.method != "HEAD") {
        return response(405, "only GET and HEAD\n").header("Allow", "GET, HEAD");
    }
    auto name = decode_path(path);
    if (name.starts_with("/")) name.erase(0, 1);
    if (name.empty() || name.ends_with("/")) name += "index.html";
    const auto found = files_.find(name);
    if (found == files_.end()) return response(404, "no such file\n");

    const file& served = found->second;
    const bool is_known = names_tag(asked.header("if-none-match"), served.tag);
    response told = is_known ? response::empty(304) : response(200, served.content, served.type);
    told.header("ETag", served.tag);
    told.header("Cache-Control", "no-cache");
    told.header("X-Content-Type-Options", "nosniff");
    told.header("Referrer-Policy", "no-referrer");
    told.header("Content-Security-Policy", page_policy);
    return told;
}

}  // namespace kindred::http
