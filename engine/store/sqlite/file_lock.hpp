#pragma once
#include "engine/base/error.hpp"

#include <string>
#include <utility>

namespace kindred::store::sqlite {

/// Exclusive use of a store by one engine: a lock on a file beside it, which the kernel releases when the process ends,
/// however it ends. (Not on the database itself: closing any descriptor of that would drop SQLite's own locks.)
class file_lock {
public:
    /// errc::conflict when somebody has it, at once; errc::io when the file cannot be made.
    static result<file_lock> take(const std::string& path);

    file_lock(file_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    file_lock& operator=(file_lock&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~file_lock();

private:
    explicit file_lock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace kindred::store::sqlite
