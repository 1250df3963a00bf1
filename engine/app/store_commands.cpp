#include "engine/app/store_commands.hpp"

#include "engine/app/config.hpp"
#include "engine/settings/diagnostic.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <filesystem>
#include <iostream>
#include <optional>

namespace kindred::app {
namespace {

store::sqlite_options at(const std::string& path) {
    store::sqlite_options options;
    options.path = path;
    return options;
}

result<void> restore(const std::string& copy, const std::string& store) {
    // What lies beside a store belongs to it: SQLite would play an old journal into the new file.
    for (const char* beside : {"", "-wal", "-shm", "-commits0", "-commits1"}) {
        std::error_code ignored;
        if (std::filesystem::exists(store + beside, ignored))
            return fail(errc::conflict,
                        store + beside + ": exists: stop the engine and move " + store + "* away, then restore");
    }
    if (auto sound = store::quick_check(at(copy)); !sound) return sound;
    return store::backup_sqlite(at(copy), store);
}

int finish(const result<void>& done, const std::string& said, std::ostream& out, std::ostream& err) {
    if (!done) {
        err << "error: " << done.error().message << '\n';
        return 3;
    }
    out << said << '\n';
    return 0;
}

std::optional<config> read_settings(const std::string& config_file, std::ostream& err) {
    auto read = read_config(config_file, config_use::serve);
    for (const auto& each : read.problems) err << settings::to_text(each) << '\n';
    return std::move(read.read);
}

}  // namespace

std::optional<std::string> store_of(const std::string& config_file, std::ostream& err) {
    const auto settings = read_settings(config_file, err);
    if (!settings) return std::nullopt;
    return settings->database.string();
}

int run_backup(const store_arguments& given, std::ostream& out, std::ostream& err) {
    const auto store = store_of(given.config, err);
    if (!store) return 1;
    return finish(store::backup_sqlite(at(*store), given.file), given.file + ": holds the store as of now", out, err);
}

int run_restore(const store_arguments& given, std::ostream& out, std::ostream& err) {
    const auto settings = read_settings(given.config, err);
    if (!settings) return 1;
    if (settings->shared) {
        const auto why = fail(errc::invalid, given.config +
                                                 ": the site is in Redis, and a node's copy is made from it: "
                                                 "restore Redis' own files, or the copy into a store.sqlite");
        return finish(why, {}, out, err);
    }
    const auto store = settings->database.string();
    return finish(restore(given.file, store), store + ": restored from " + given.file, out, err);
}

void add_store_commands(const command& program) {
    const auto add = [&](const char* name, const char* says, auto run) {
        const auto made = program.add_command(name, says);
        auto given = std::make_shared<store_arguments>();
        made.option("file", given->file, "The copy").required();
        made.option("--config", given->config, "The configuration, which names the store").required();
        made.runs([given, run] { return run(*given, std::cout, std::cerr); });
    };
    add("backup", "Copy the store into a new file, also beside a running engine", run_backup);
    add("restore", "Put a copy where the configuration wants its store", run_restore);
}

}  // namespace kindred::app
