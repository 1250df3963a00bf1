#include "engine/app/import_progress.hpp"

#include "engine/base/json.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

namespace kindred::app {
namespace {

constexpr std::size_t cells = 30;
constexpr std::chrono::milliseconds between_drawings{100};

std::string grouped(std::uint64_t number) {
    auto text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

error failed(const std::string& path, const char* what) {
    return fail(errc::io, path + ": " + what + ": " + std::strerror(errno));
}

}  // namespace

std::string to_json(const import_progress& reached) {
    json::writer out;
    out.begin_object().member("file", reached.file).member("offset", reached.offset).member("line", reached.line);
    out.member("rows", reached.rows).member("created", reached.created).member("updated", reached.updated);
    out.member("unchanged", reached.unchanged).member("rejected", reached.rejected);
    return out.member("rejects_bytes", reached.rejects_bytes).end_object().take();
}

result<import_progress> import_progress_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    bool whole = parsed.has_value();
    const auto number = [&](const char* name) {
        const auto read = whole ? (*parsed)[name].integer() : std::nullopt;
        whole = whole && read && *read >= 0;
        return whole ? static_cast<std::uint64_t>(*read) : 0;
    };
    import_progress made;
    made.offset = number("offset");
    made.line = number("line");
    made.rows = number("rows");
    made.created = number("created");
    made.updated = number("updated");
    made.unchanged = number("unchanged");
    made.rejected = number("rejected");
    made.rejects_bytes = number("rejects_bytes");
    if (!whole) return fail(errc::corrupt, "this is no record of how far an import has come");
    made.file = (*parsed)["file"].text();
    return made;
}

result<std::optional<import_progress>> load_progress(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::optional<import_progress>{};
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto read = import_progress_from_json(text);
    if (!read) return fail(read.error().code, path + ": " + read.error().message);
    return std::optional(std::move(*read));
}

result<void> store_progress(const std::string& path, const import_progress& reached) {
    const auto text = to_json(reached);
    const auto beside = path + ".new";
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return failed(beside, "cannot be made");
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool synced = written && ::fsync(file) == 0;
    ::close(file);
    if (!synced) return failed(beside, "cannot be written");
    if (std::rename(beside.c_str(), path.c_str()) != 0) return failed(path, "cannot be replaced");
    return {};
}

std::string progress_line(const import_progress& began_with, const import_progress& reached, std::uint64_t size,
                          std::chrono::milliseconds took) {
    std::string line;
    const auto seconds = std::max(0.001, std::chrono::duration<double>(took).count());
    if (size > 0) {
        const auto share = std::min(1.0, static_cast<double>(reached.offset) / static_cast<double>(size));
        const auto full = static_cast<std::size_t>(share * static_cast<double>(cells));
        line += std::to_string(static_cast<int>(share * 100)) + "% [" + std::string(full, '#') +
                std::string(cells - full, '.') + "] ";
    }
    line += grouped(reached.rows) + " rows";
    const auto rate = static_cast<double>(reached.rows - began_with.rows) / seconds;
    line += ", " + grouped(static_cast<std::uint64_t>(rate)) + "/s";
    const auto done = reached.offset - began_with.offset;
    if (size > reached.offset && done > 0) {
        const auto left = seconds * static_cast<double>(size - reached.offset) / static_cast<double>(done);
        line += ", " + grouped(static_cast<std::uint64_t>(left) + 1) + " s left";
    }
    if (reached.rejected > 0) line += ", " + grouped(reached.rejected) + " rejected";
    return line;
}

progress_bar::progress_bar(std::ostream& on, bool shown, std::uint64_t size) : on_(on), shown_(shown), size_(size) {}

void progress_bar::show(const import_progress& reached, std::chrono::steady_clock::time_point now) {
    if (!shown_) return;
    if (!began_with_) {
        began_with_ = reached;
        began_ = now;
    }
    if (drawn_ != std::chrono::steady_clock::time_point{} && now - drawn_ < between_drawings && reached.offset != size_)
        return;
    drawn_ = now;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
    auto line = progress_line(*began_with_, reached, size_, took);
    const auto width = line.size();
    line.resize(std::max(width, width_), ' ');
    width_ = width;
    on_ << '\r' << line << std::flush;
}

void progress_bar::end() {
    if (shown_ && began_with_) on_ << '\n';
}

}  // namespace kindred::app
