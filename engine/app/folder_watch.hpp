#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>

namespace kindred::app {

/// Notices that files of a folder were made, changed or taken away, by looking at names, sizes and times: works on
/// every file system, containers' mounts included. Looks at most so often; says so once, when the folder has come to
/// rest.
class folder_watch {
public:
    explicit folder_watch(std::filesystem::path folder,
                          std::chrono::milliseconds every = std::chrono::milliseconds{500});

    /// Whether something changed since the last time that this said so, and nothing did between the last two looks.
    bool changed(std::chrono::steady_clock::time_point now);

private:
    std::uint64_t look() const;

    const std::filesystem::path folder_;
    const std::chrono::milliseconds every_;
    std::chrono::steady_clock::time_point next_look_{};
    std::uint64_t reported_;
    std::uint64_t last_;
};

}  // namespace kindred::app
