#include "engine/store/file_store.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace kindred::store {
namespace {

namespace fs = std::filesystem;

class files : public testing::Test {
protected:
    ~files() override { fs::remove_all(folder_); }
    std::vector<std::string> all(time_point now) {
        std::vector<std::string> found;
        EXPECT_TRUE(store_.for_each(now, [&](seen_file&& each) { found.push_back(std::move(each.name)); }));
        return found;
    }
    static time_point now() { return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now()); }

    static fs::path new_folder() {
        std::string draft = (fs::temp_directory_path() / "kindred-files-XXXXXX").string();
        return ::mkdtemp(draft.data());
    }

    const fs::path folder_ = new_folder();
    file_store store_{folder_ / "files"};
};

TEST_F(files, are_read_as_they_were_written_and_kept_once) {
    const std::string bytes("a\0b\xff", 4);
    const auto name = store_.put(bytes).value();
    EXPECT_EQ(name.size(), 64U);
    EXPECT_EQ(store_.put(bytes).value(), name);
    EXPECT_EQ(store_.get(name).value(), bytes);
    EXPECT_NE(store_.put("other").value(), name);
    EXPECT_EQ(store_.put("").value().size(), 64U);
    EXPECT_EQ(all(now()).size(), 3U);
}

TEST_F(files, are_gone_once_removed) {
    const auto name = store_.put("x").value();
    EXPECT_TRUE(store_.remove(name));
    EXPECT_TRUE(store_.remove(name));
    EXPECT_EQ(store_.get(name).error().code, errc::not_found);
}

TEST_F(files, names_that_are_none_lead_nowhere) {
    std::ofstream(folder_ / "secret") << "x";
    for (const auto& name :
         std::vector<std::string>{"", "../../secret", "..", "secret", std::string(64, 'G'), std::string(63, 'a')}) {
        EXPECT_EQ(store_.get(name).error().code, errc::not_found) << name;
        EXPECT_TRUE(store_.remove(name)) << name;
    }
    EXPECT_TRUE(fs::exists(folder_ / "secret"));
}

TEST_F(files, that_the_disk_changed_are_told) {
    const auto name = store_.put("as written").value();
    std::ofstream(folder_ / "files" / name.substr(0, 2) / name) << "as changed";
    EXPECT_EQ(store_.get(name).error().code, errc::corrupt);
}

TEST_F(files, are_listed_and_half_written_ones_are_swept) {
    const auto name = store_.put("x").value();
    const auto draft = folder_ / "files" / name.substr(0, 2) / (name + ".0123");
    std::ofstream(draft) << "half";
    EXPECT_EQ(all(now()), std::vector<std::string>{name});
    EXPECT_TRUE(fs::exists(draft)) << "somebody may be writing it";
    EXPECT_EQ(all(now() + std::chrono::hours{2}), std::vector<std::string>{name});
    EXPECT_FALSE(fs::exists(draft));
}

TEST_F(files, of_a_folder_that_nodes_share_are_removed_by_the_one_that_leads) {
    bool leads = true;
    file_store shared(folder_ / "files", [&] { return result<bool>(leads); });
    EXPECT_TRUE(shared.may_remove().value());
    leads = false;
    EXPECT_EQ(shared.may_remove().error().code, errc::fenced);
}

TEST_F(files, that_cannot_be_written_are_an_error_and_leave_nothing) {
    std::ofstream(folder_ / "files") << "no folder";
    EXPECT_EQ(store_.put("x").error().code, errc::io);
}

}  // namespace
}  // namespace kindred::store
