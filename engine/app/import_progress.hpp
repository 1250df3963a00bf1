#pragma once
#include "engine/base/error.hpp"

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace kindred::app {

/// How far an import has come: everything before `offset` is durable in the engine. Of an export: in the file.
struct import_progress {
    std::string file;          ///< what it is of: size and digest of the first bytes
    std::uint64_t offset = 0;  ///< bytes
    std::uint64_t line = 1;    ///< that begins there
    std::uint64_t rows = 0;
    std::uint64_t created = 0;
    std::uint64_t updated = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t rejected = 0;
    std::uint64_t rejects_bytes = 0;  ///< of the file with the rejected rows

    bool operator==(const import_progress&) const = default;
};

std::string to_json(const import_progress& reached);
/// errc::corrupt when it is not what to_json() wrote.
result<import_progress> import_progress_from_json(std::string_view text);

/// The stored progress; none when there is no such file.
result<std::optional<import_progress>> load_progress(const std::string& path);
/// Replaces the file as a whole: a crash leaves the old one or the new one.
result<void> store_progress(const std::string& path, const import_progress& reached);

/// A line on a terminal that is drawn over itself, at most ten times a second.
class progress_bar {
public:
    /// `size`: bytes of the whole; 0: not known. Draws nothing where `shown` is false.
    progress_bar(std::ostream& on, bool shown, std::uint64_t size);
    void show(const import_progress& reached, std::chrono::steady_clock::time_point now);
    /// Leaves the line.
    void end();

private:
    std::ostream& on_;
    bool shown_;
    std::uint64_t size_;
    std::optional<import_progress> began_with_;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point drawn_;
    std::size_t width_ = 0;
};

/// The text of that line, by what was done since `began_with` in so long.
std::string progress_line(const import_progress& began_with, const import_progress& reached, std::uint64_t size,
                          std::chrono::milliseconds took);

}  // namespace kindred::app
