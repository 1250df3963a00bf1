#pragma once
#include "engine/base/error.hpp"
#include "engine/store/store.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace kindred::app {

/// A store as of one moment, copied so that the engine that has it open is not disturbed. The copy goes with this.
class store_copy {
public:
    /// errc::not_found when there is no store at `path`.
    static result<store_copy> of(const std::string& path);
    ~store_copy();
    store_copy(store_copy&& other) noexcept
        : folder_(std::exchange(other.folder_, {})), store_(std::move(other.store_)) {}
    store_copy& operator=(store_copy&&) = delete;

    store::store& operator*() const { return *store_; }

private:
    explicit store_copy(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
    std::unique_ptr<store::store> store_;
};

}  // namespace kindred::app
