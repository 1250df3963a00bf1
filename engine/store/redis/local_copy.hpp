#pragma once
#include "engine/store/redis/site_log.hpp"
#include "engine/store/sqlite/sqlite.hpp"

namespace kindred::store::redis {

/// How far a copy has come, and of which site it is.
struct copy_place {
    std::string site_uid;  ///< empty: of none yet
    log_end end;

    bool operator==(const copy_place&) const = default;
};

/// This node's copy of a site: an SQLite store that batches of the log are brought into, with the place in the same
/// transaction. apply() and start_again() are for one thread; the store itself is as safe as any.
class local_copy {
public:
    static result<local_copy> open(const sqlite_options& options);

    store& rows() const { return *store_; }
    const copy_place& place() const { return place_; }

    /// Brings in a batch, after which the copy has come as far as `end`. Nothing to move to: the place stays.
    commit_outcome apply(const std::shared_ptr<const batch>& changes, const std::optional<copy_place>& end);
    /// An empty copy is of this site from now on; the first batch makes that durable.
    void belongs_to(const std::string& site_uid) { place_.site_uid = site_uid; }
    /// Takes this file, a copy of the same site that has come further, in the place of its own.
    result<void> replace_by(const std::string& file);
    /// Moves the files aside, where they can be looked at, and begins with nothing. Their new name.
    result<std::string> start_again();

private:
    local_copy(sqlite_options options, std::unique_ptr<following_store> opened, copy_place place)
        : options_(std::move(options)), store_(std::move(opened)), place_(std::move(place)) {}

    sqlite_options options_;
    std::unique_ptr<following_store> store_;
    copy_place place_;
};

/// How far a copy's file has come that nobody has open.
result<copy_place> place_in(const std::string& file);

}  // namespace kindred::store::redis
