#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::store {

/// Rows of this kind are only ever taken away: in a batch each names, as its id, the bytes of a file that no longer
/// belong to what the batch takes away, so that whoever follows the log drops them too. Stored: never renamed.
inline constexpr std::string_view gone_file_rows = "file-gone";

/// The name of bytes: their SHA-256 in hex digits, 64 of them.
std::string file_name_of(std::string_view bytes);
bool is_file_name(std::string_view name);

/// A file as it was when somebody looked.
struct seen_file {
    std::string name;
    time_point at;         ///< when it was last put
    std::string mark;      ///< of this put: another one has another mark
    bool is_whole = true;  ///< it is everywhere where it is to be; else secure() may bring it there
};

/// Where the bytes of files are kept, each under its name: the same bytes are kept once. Thread-safe; every call may
/// do blocking I/O. What was put stays until it is removed.
/// Whoever removes what nothing refers to looks first, then asks may_remove(), then reads what is referred to: so
/// neither what is put meanwhile goes, nor what another process refers to.
class file_place {
public:
    virtual ~file_place() = default;

    /// `name` is that of the bytes. They are as durable as what the store commits once this returns; errors: they may
    /// be there or not. errc::io, and of a place that is elsewhere errc::unavailable, errc::unknown.
    virtual result<void> put(const std::string& name, std::string_view bytes) = 0;
    /// The same; gives the name.
    result<std::string> put(std::string_view bytes);
    /// errc::not_found, errc::corrupt when there are other bytes than were written, errors as of put().
    virtual result<std::string> get(std::string_view name) = 0;

    /// Those of the names that are there.
    virtual result<std::vector<seen_file>> look(std::span<const std::string> names) = 0;
    /// All that this process looks after, in no order. What a crash left half written is removed.
    virtual result<void> for_each(time_point now, const std::function<void(seen_file&&)>& each) = 0;
    /// False: others may refer to files that this process knows nothing of; it may remove what it has itself alone.
    virtual result<bool> may_remove() = 0;
    /// Unless it was put again since it was seen: then false. What is not there is no error.
    virtual result<bool> remove(const seen_file& seen) = 0;
    /// Brings a file that is somewhere everywhere where it is to be. False: there is no room for it.
    virtual result<bool> secure(const std::string& name) = 0;
    /// Rises when what was everywhere may not be there any more: then for_each() tells.
    virtual std::uint64_t doubts() const { return 0; }
    /// For figures: so many are referred to and are nowhere.
    virtual void note_missing(std::size_t) {}
};

}  // namespace kindred::store
