#include "engine/app/store_commands.hpp"

#include "engine/store/sqlite/sqlite.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

/// A configuration in a folder of its own, with a store that has one ticket.
class store_commands : public testing::Test {
protected:
    store_commands() {
        fs::create_directories(folder_);
        std::ofstream(config()) << "server: { listen: 127.0.0.1:0, public_url: http://127.0.0.1 }\n"
                                << "store: { sqlite: kindred.db }\nrules: " << fs::absolute("rules").string() << "\n"
                                << "channels: {}\n";
    }
    ~store_commands() override { fs::remove_all(folder_); }

    std::string file(const char* name) const { return (folder_ / name).string(); }
    std::string config() const { return file("kindred.yaml"); }
    static store::sqlite_options at(const std::string& path) {
        store::sqlite_options options;
        options.path = path;
        return options;
    }
    static std::unique_ptr<store::store> open(const std::string& path) { return store::open_sqlite(at(path)).value(); }
    static void write_ticket(store::store& to, std::uint64_t number) {
        store::batch changes;
        changes.id.number = number;
        changes.tickets.emplace_back().id = ticket_id{number};
        ASSERT_EQ(to.commit(changes).state, store::commit_state::committed);
    }
    int backup(const std::string& to) { return run_backup({to, config()}, out_, err_); }
    int restore(const std::string& from) { return run_restore({from, config()}, out_, err_); }

    const fs::path folder_ = fs::temp_directory_path() / ("kindred-store-commands-" + std::to_string(::getpid()));
    std::ostringstream out_;
    std::ostringstream err_;
};

TEST_F(store_commands, a_backup_beside_a_running_engine_has_what_was_committed_a_moment_ago) {
    const auto running = open(file("kindred.db"));
    write_ticket(*running, 1);
    ASSERT_EQ(backup(file("copy.db")), 0) << err_.str();
    EXPECT_TRUE(open(file("copy.db"))->ticket(ticket_id{1}));
    EXPECT_EQ(backup(file("copy.db")), 3) << "never over a file";
    EXPECT_NE(err_.str().find("exists already"), std::string::npos) << err_.str();
}

TEST_F(store_commands, restore_puts_the_copy_in_place_and_never_over_a_store) {
    write_ticket(*open(file("kindred.db")), 1);
    ASSERT_EQ(backup(file("copy.db")), 0) << err_.str();
    EXPECT_EQ(restore(file("copy.db")), 3);
    EXPECT_NE(err_.str().find("move"), std::string::npos) << err_.str();

    fs::create_directory(file("old"));
    for (const auto& each : std::vector(fs::directory_iterator(folder_), fs::directory_iterator()))
        if (const auto name = each.path().filename().string(); name.starts_with("kindred.db"))
            fs::rename(each.path(), file("old") + "/" + name);
    ASSERT_EQ(restore(file("copy.db")), 0) << err_.str();
    EXPECT_TRUE(open(file("kindred.db"))->ticket(ticket_id{1}));
}

TEST_F(store_commands, restore_refuses_what_is_no_store) {
    std::ofstream(file("copy.db")) << "not a database, but long enough to be taken for one by its size alone";
    EXPECT_EQ(restore(file("copy.db")), 3);
    EXPECT_FALSE(fs::exists(file("kindred.db")));
    EXPECT_EQ(restore(file("absent.db")), 3);
    EXPECT_EQ(run_restore({file("copy.db"), file("absent.yaml")}, out_, err_), 1);
}

}  // namespace
}  // namespace kindred::app
