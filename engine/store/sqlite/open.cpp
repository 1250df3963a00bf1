#include "engine/store/sqlite/schema.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"

namespace kindred::store {

result<std::unique_ptr<store>> open_sqlite(const sqlite_options& options) {
    auto opened = sqlite::sqlite_store::open(options);
    if (!opened) return opened.error();
    return std::unique_ptr<store>(std::move(*opened));
}

result<std::unique_ptr<following_store>> open_sqlite_copy(const sqlite_options& options) {
    auto opened = sqlite::sqlite_store::open(options);
    if (!opened) return opened.error();
    return std::unique_ptr<following_store>(std::move(*opened));
}

result<void> quick_check(const sqlite_options& options) {
    using namespace sqlite;
    const auto on = connection::open({options.path, options.vfs, true, false});
    if (!on) return on.error();
    if (const auto known = identify(*on); !known) return known.error();
    statement asked(*on, "PRAGMA quick_check(1)");
    cursor row(asked);
    if (!row.next()) return error_of(*on, row.code(), "check the store");
    const auto finding = row.text(0);
    if (finding == "ok") return {};
    return fail(errc::corrupt, options.path + ": damaged: " + finding + "; restore a backup");
}

}  // namespace kindred::store
