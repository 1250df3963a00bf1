#include "engine/app/store_copy.hpp"

#include "engine/store/sqlite/sqlite.hpp"

#include <cstdlib>

namespace kindred::app {

result<store_copy> store_copy::of(const std::string& path) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed)) return fail(errc::not_found, path + ": there is no store");
    std::string folder = (std::filesystem::temp_directory_path() / "kindred-copy-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return fail(errc::io, folder + ": cannot be made");
    store_copy made(folder);
    store::sqlite_options original;
    original.path = path;
    store::sqlite_options copied;
    copied.path = (made.folder_ / "kindred.db").string();
    if (auto done = store::backup_sqlite(original, copied.path); !done) return done.error();
    auto opened = store::open_sqlite(copied);
    if (!opened) return opened.error();
    made.store_ = std::move(*opened);
    return made;
}

store_copy::~store_copy() {
    store_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

}  // namespace kindred::app
