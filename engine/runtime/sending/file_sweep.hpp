#pragma once
#include "engine/runtime/sending/files.hpp"
#include "engine/store/file_place.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kindred::runtime {

/// Names of files that are being put and that no row refers to yet. Thread-safe; what hold() gave may outlive this.
class held_files {
public:
    /// The bytes of this name stay until what is given goes.
    std::shared_ptr<const void> hold(std::string name);
    bool has(const std::string& name) const;

private:
    struct names {
        mutable std::mutex mutex;
        std::map<std::string, std::size_t> counts;
    };
    std::shared_ptr<names> names_ = std::make_shared<names>();
};

/// What is looked through: rows, and the bytes that they refer to.
struct file_stock {
    store::store& rows;
    store::file_place& bytes;
    const held_files& held;
};

struct swept_files {
    std::size_t removed = 0;
    std::size_t put_back = 0;  ///< they were not everywhere where they are to be
    std::size_t no_room = 0;   ///< and these still are not
    std::size_t missing = 0;   ///< rows whose bytes are nowhere
};

/// Removes bytes that no row refers to, an hour after they came: of contacts that were not taken in after all, of
/// uploads that nobody sent, of rows that are gone. What rows refer to is brought everywhere where it is to be.
/// `each_row` sees every file on record. Errors: what was not done is done by the next one.
result<swept_files> sweep_files(const file_stock& in, time_point now,
                                const std::function<void(const kept_file&)>& each_row);

/// Removes these now, except for those that a row still refers to. Gives those that are to be tried again.
result<std::vector<std::string>> forget_files(const file_stock& in, const std::vector<std::string>& names);

}  // namespace kindred::runtime
