#include "engine/runtime/sending/file_sweep.hpp"

#include "engine/runtime/people/registers.hpp"
#include "engine/store/file_store.hpp"
#include "engine/store/memory/memory.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kindred::runtime {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

/// A folder that says of some files that they are not everywhere, and may be forbidden to remove.
class tried_place final : public store::file_place {
public:
    explicit tried_place(const fs::path& folder) : folder_(folder) {}

    using file_place::put;
    result<void> put(const std::string& name, std::string_view bytes) override { return folder_.put(name, bytes); }
    result<std::string> get(std::string_view name) override { return folder_.get(name); }
    result<std::vector<store::seen_file>> look(std::span<const std::string> names) override {
        auto found = folder_.look(names);
        if (after_look) after_look();
        return found;
    }
    result<void> for_each(time_point now, const std::function<void(store::seen_file&&)>& each) override {
        return folder_.for_each(now, [&](store::seen_file&& one) {
            one.is_whole = one.name != lacks;
            each(std::move(one));
        });
    }
    result<bool> may_remove() override { return may; }
    result<bool> remove(const store::seen_file& seen) override { return folder_.remove(seen); }
    result<bool> secure(const std::string& name) override {
        secured.push_back(name);
        return has_room;
    }
    void note_missing(std::size_t files) override { missing = files; }

    result<bool> may = true;
    bool has_room = true;
    std::string lacks;
    std::vector<std::string> secured;
    std::size_t missing = 0;
    std::function<void()> after_look;

private:
    store::file_store folder_;
};

class sweeping : public testing::Test {
protected:
    sweeping() {
        EXPECT_TRUE(rows_->load([](store::ticket_row&&) {}));
    }
    ~sweeping() override { fs::remove_all(folder_); }

    void name(const std::string& id, const std::string& bytes_name, time_point at) {
        kept_file file;
        file.id = id;
        file.name = "a.png";
        file.stands = kept_file::state::stored;
        file.sha256 = bytes_name;
        file.at = at;
        store::batch changes;
        changes.id.number = ++batches_;
        changes.kept.push_back(to_row(file));
        ASSERT_EQ(rows_->commit(changes).state, store::commit_state::committed);
    }
    void unname(const std::string& id) {
        store::batch changes;
        changes.id.number = ++batches_;
        changes.kept.push_back({std::string(file_rows), id, {}, {}, true});
        ASSERT_EQ(rows_->commit(changes).state, store::commit_state::committed);
    }
    result<swept_files> sweep(time_point now) {
        return sweep_files({*rows_, place_, held_}, now, [this](const kept_file& file) { seen_.push_back(file.id); });
    }
    result<std::vector<std::string>> forget(const std::string& bytes_name) {
        return forget_files({*rows_, place_, held_}, {bytes_name});
    }
    bool has(const std::string& bytes_name) { return static_cast<bool>(place_.get(bytes_name)); }
    static time_point now() { return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now()); }
    static fs::path new_folder() {
        std::string draft = (fs::temp_directory_path() / "kindred-sweep-XXXXXX").string();
        return ::mkdtemp(draft.data());
    }

    const fs::path folder_ = new_folder();
    std::unique_ptr<store::store> rows_ = store::make_memory_store(store::make_memory_disk());
    tried_place place_{folder_ / "files"};
    held_files held_;
    std::vector<std::string> seen_;
    std::uint64_t batches_ = 0;
};

TEST_F(sweeping, removes_what_no_row_names_once_it_has_settled) {
    const auto named = place_.put("named").value();
    const auto orphan = place_.put("of a contact that was not taken in").value();
    name("1-1-1", named, now());
    EXPECT_EQ(sweep(now()).value().removed, 0U) << "its row may be on its way";
    EXPECT_TRUE(has(orphan));
    EXPECT_EQ(sweep(now() + hours{2}).value().removed, 1U);
    EXPECT_FALSE(has(orphan));
    EXPECT_TRUE(has(named));
    EXPECT_EQ(seen_, (std::vector<std::string>{"1-1-1", "1-1-1"}));
}

TEST_F(sweeping, leaves_what_is_held) {
    const auto orphan = place_.put("on its way").value();
    {
        const auto held = held_.hold(orphan);
        const auto again = held_.hold(orphan);
        EXPECT_EQ(sweep(now() + hours{2}).value().removed, 0U);
    }
    EXPECT_FALSE(held_.has(orphan));
    EXPECT_EQ(sweep(now() + hours{2}).value().removed, 1U);
}

TEST_F(sweeping, does_nothing_where_nobody_knows_whether_it_may) {
    const auto orphan = place_.put("x").value();
    place_.may = fail(errc::fenced, "another node leads");
    EXPECT_EQ(sweep(now() + hours{2}).error().code, errc::fenced);
    EXPECT_TRUE(has(orphan));
}

TEST_F(sweeping, brings_files_on_record_where_they_are_to_be_and_no_others) {
    const auto named = place_.put("named").value();
    const auto orphan = place_.put("orphan").value();
    name("1-1-1", named, now());
    name("1-2-1", named, now());
    place_.lacks = named;
    EXPECT_EQ(sweep(now()).value().put_back, 1U);
    EXPECT_EQ(place_.secured, std::vector{named});
    place_.lacks = orphan;
    EXPECT_EQ(sweep(now()).value().put_back, 0U);
    place_.lacks = named;
    place_.has_room = false;
    EXPECT_EQ(sweep(now()).value().no_room, 1U);
}

TEST_F(sweeping, tells_of_files_on_record_that_are_nowhere) {
    const auto lost = store::file_name_of("lost");
    name("1-1-1", lost, now());
    EXPECT_EQ(sweep(now()).value().missing, 0U) << "it came while files were listed";
    EXPECT_EQ(sweep(now() + hours{2}).value().missing, 1U);
    EXPECT_EQ(place_.missing, 1U);
    ASSERT_TRUE(place_.put("lost"));
    EXPECT_EQ(sweep(now() + hours{2}).value().missing, 0U);
    EXPECT_EQ(place_.missing, 0U);
}

TEST_F(sweeping, forgets_at_once_what_no_row_names_any_more) {
    const auto gone = place_.put("of somebody who is erased").value();
    name("1-1-1", gone, now());
    EXPECT_TRUE(forget(gone).value().empty());
    EXPECT_TRUE(has(gone)) << "a row names it";
    unname("1-1-1");
    EXPECT_TRUE(forget(gone).value().empty());
    EXPECT_FALSE(has(gone));
    EXPECT_TRUE(forget(gone).value().empty()) << "it is gone";
}

TEST_F(sweeping, does_not_forget_what_somebody_else_is_sending) {
    const auto gone = place_.put("the same picture").value();
    auto held = held_.hold(gone);
    EXPECT_EQ(forget(gone).value(), std::vector{gone});
    EXPECT_TRUE(has(gone));
    held.reset();
    // Put again between the look and the removal, as by another node.
    place_.after_look = [&] { ASSERT_TRUE(place_.put("the same picture")); };
    EXPECT_EQ(forget(gone).value(), std::vector{gone});
    EXPECT_TRUE(has(gone));
    place_.after_look = {};
    EXPECT_TRUE(forget(gone).value().empty());
    EXPECT_FALSE(has(gone));
}

TEST_F(sweeping, forgets_nothing_where_nobody_knows_whether_it_may) {
    const auto gone = place_.put("x").value();
    place_.may = fail(errc::unavailable, "Redis does not answer");
    EXPECT_FALSE(forget(gone));
    EXPECT_TRUE(has(gone));
}

}  // namespace
}  // namespace kindred::runtime
