#pragma once
#include "engine/store/file_place.hpp"

#include <filesystem>
#include <mutex>

namespace kindred::store {

/// Files in a folder beside the database. Others than this process may write there: what they put is found, too.
class file_store final : public file_place {
public:
    /// The folder is made when the first file comes. `leads`: of a folder that nodes share, asks whether this one may
    /// remove files; then errc::fenced where it may not.
    explicit file_store(std::filesystem::path folder, std::function<result<bool>()> leads = {})
        : folder_(std::move(folder)), asks_whether_it_leads_(std::move(leads)) {}

    using file_place::put;
    /// Returns once the bytes and their name are on the disk. errc::io.
    result<void> put(const std::string& name, std::string_view bytes) override;
    result<std::string> get(std::string_view name) override;
    result<std::vector<seen_file>> look(std::span<const std::string> names) override;
    result<void> for_each(time_point now, const std::function<void(seen_file&&)>& each) override;
    result<bool> may_remove() override;
    result<bool> remove(const seen_file& seen) override;
    result<bool> secure(const std::string&) override { return true; }

    /// Whatever was put meanwhile. What is not there is no error.
    result<void> remove(std::string_view name);
    bool has(std::string_view name) const;

private:
    std::filesystem::path path_of(std::string_view name) const;
    /// False: it is not there.
    result<bool> touch(std::string_view name);
    const std::filesystem::path folder_;
    const std::function<result<bool>()> asks_whether_it_leads_;
    std::mutex mutex_;  ///< a file is seen and removed, or seen and kept, in one
};

}  // namespace kindred::store
