#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace kindred::store {

/// Files beside the database, each under the SHA-256 of its bytes: the same bytes are kept once. Thread-safe; every
/// call does blocking I/O. A name that put() gave stays valid until remove().
class file_store {
public:
    /// The folder is made when the first file comes.
    explicit file_store(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Gives the name, 64 hex digits, once the bytes and their name are on the disk. errc::io.
    result<std::string> put(std::string_view bytes);
    /// errc::not_found, errc::corrupt when the disk has other bytes than were written, errc::io.
    result<std::string> get(std::string_view name) const;
    /// What is not there is no error.
    result<void> remove(std::string_view name);
    /// Every file that was written before `before`, by name, in no order. What a crash left half written is removed.
    result<void> for_each_older(time_point before, const std::function<void(const std::string&)>& each) const;

private:
    std::filesystem::path path_of(std::string_view name) const;
    std::filesystem::path folder_;
};

}  // namespace kindred::store
