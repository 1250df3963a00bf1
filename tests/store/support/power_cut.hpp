#pragma once
#include "tests/store/support/io_rules.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <vector>

namespace kindred::store {

/// Knows what of each file would be on the disk if the power failed now: what was synced, and of the rest anything.
/// Unsynced writes are lost, kept, torn at sectors of 512 bytes and reordered between sectors; a name may be missing
/// until its folder was synced. A sync that failed has lost what it was to write, and a later one does not bring it
/// back, as Linux does it.
class power_cut final : public io_rules {
public:
    using image = std::map<std::string, std::string>;  ///< path to content

    explicit power_cut(std::uint64_t seed) : random_(seed) {}

    /// Calls `ask` before every call that reaches the disk, with the number of calls so far; when it answers true,
    /// takes an image of that moment and hands it to `keep`. Both run under the lock of this rule, on any thread.
    void watch(std::function<bool(std::uint64_t)> ask, std::function<void(image&&)> keep);
    image cut();

    int before(const io_call& call) override;
    void after(const io_call& call, int code) override;

private:
    struct change {
        bool truncates = false;
        std::int64_t offset = 0;  ///< or the new size
        std::string bytes;
    };
    struct inode {
        std::string synced;
        std::vector<change> unsynced;
        bool syncs_folder = false;  ///< SQLite syncs the folder with a journal's first sync
    };
    struct name {
        std::shared_ptr<inode> now;
        std::shared_ptr<inode> on_disk;  ///< what the name led to when its folder was last synced
    };

    image cut_now();
    void sync_folder();
    std::string survivor_of(const inode& file);
    std::size_t any_up_to(std::size_t most);

    std::mutex mutex_;
    std::mt19937_64 random_;
    std::map<std::string, name> names_;
    std::uint64_t calls_ = 0;
    std::function<bool(std::uint64_t)> ask_;
    std::function<void(image&&)> keep_;
};

/// Writes the image's files into `folder`, under their last names.
void restore(const power_cut::image& image, const std::string& folder);

}  // namespace kindred::store
