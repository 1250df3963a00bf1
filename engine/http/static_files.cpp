#include "engine/http/static_files.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
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

/// What a build writes beside a file: the same, smaller. The better one first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> codings{{{".br", "br"}, {".gz", "gzip"}}};

/// Build tools put a digest of the content into the names below this folder: such a name never means anything else.
constexpr std::string_view named_by_content = "assets/";

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

bool is_zero(std::string_view quality) {
    return !quality.empty() && quality.find_first_not_of("0.") == std::string_view::npos;
}

/// Whether Accept-Encoding takes this coding (RFC 9110, section 12.5.3). Among those it takes its weights are left
/// aside: the choice is between forms of one content, and smaller is better for either side.
bool takes_coding(std::string_view list, std::string_view coding) {
    bool by_star = false;
    for (const auto each : split(list, ',')) {
        const auto parts = split(each, ';');
        const auto name = trim(parts.front());
        bool wanted = true;
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const auto parameter = trim(parts[i]);
            if (parameter.starts_with("q=") || parameter.starts_with("Q=")) wanted = !is_zero(parameter.substr(2));
        }
        if (equal_ignoring_case(name, coding)) return wanted;
        if (name == "*") by_star = wanted;
    }
    return by_star;
}

/// The file that this one is a smaller form of, and its coding.
std::optional<std::pair<std::string_view, std::string_view>> content_of_which(
    std::string_view path, const std::map<std::string, std::string, std::less<>>& contents) {
    for (const auto& [extension, coding] : codings) {
        const auto whole = path.substr(0, path.size() - std::min(path.size(), extension.size()));
        if (path.ends_with(extension) && contents.contains(whole)) return std::pair(whole, coding);
    }
    return std::nullopt;
}

std::string tag_of(const std::string& content) {
    const auto digest = sha256(content);
    const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
    return '"' + to_base64url(bytes.substr(0, 15)) + '"';
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

static_files::static_files(const std::map<std::string, std::string, std::less<>>& contents) {
    for (const auto& [path, content] : contents) {
        if (content_of_which(path, contents)) continue;
        file made;
        made.type = content_type_of(path);
        made.forms.push_back({"", content, tag_of(content)});
        files_.emplace(path, std::move(made));
    }
    for (const auto& [path, content] : contents) {
        const auto other = content_of_which(path, contents);
        if (!other) continue;
        const auto whole = files_.find(other->first);  // none: a smaller form of a smaller form
        if (whole == files_.end() || content.size() >= whole->second.forms.front().content.size()) continue;
        auto tag = tag_of(content);
        whole->second.forms.push_back({std::string(other->second), content, std::move(tag)});
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
    return static_files(contents);
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
    const form* chosen = &served.forms.front();
    for (auto each = served.forms.begin() + 1; each != served.forms.end(); ++each) {
        if (!takes_coding(asked.header("accept-encoding"), each->coding)) continue;
        chosen = &*each;
        break;
    }
    const bool is_known = names_tag(asked.header("if-none-match"), chosen->tag);
    response told = is_known ? response::empty(304) : response(200, chosen->content, served.type);
    told.header("ETag", chosen->tag);
    const bool is_for_ever = name.starts_with(named_by_content);
    told.header("Cache-Control", is_for_ever ? "public, max-age=31536000, immutable" : "no-cache");
    if (served.forms.size() > 1) told.header("Vary", "Accept-Encoding");
    if (!chosen->coding.empty() && !is_known) told.header("Content-Encoding", chosen->coding);
    told.header("X-Content-Type-Options", "nosniff");
    return told;
}

}  // namespace kindred::http
