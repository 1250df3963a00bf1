#include "engine/http/static_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace kindred::http {
namespace {

namespace fs = std::filesystem;

request get(std::vector<header_view> headers = {}) {
    request asked;
    asked.method = "GET";
    asked.headers = std::move(headers);
    return asked;
}

std::string value_of(const response& told, std::string_view name) {
    for (const auto& [known, value] : told.headers()) {
        if (known == name) return value;
    }
    return {};
}

class StaticFiles : public testing::Test {
protected:
    StaticFiles() {
        fs::create_directories(folder_ / "sub");
        write("index.html", "<p>home</p>");
        write("sub/index.html", "<p>sub</p>");
        write("sub/script.js", "1");
        write("a+b c.txt", "plus");
        write(".secret", "hidden");
        fs::create_symlink("/etc/passwd", folder_ / "link.txt");
    }
    ~StaticFiles() override { fs::remove_all(folder_); }
    void write(const std::string& name, const std::string& content) const { std::ofstream(folder_ / name) << content; }

    const fs::path folder_ = fs::temp_directory_path() / ("kindred-static-" + std::to_string(::getpid()));
};

TEST_F(StaticFiles, ServesFilesWithTheirTypes) {
    const auto files = static_files::load(folder_);
    ASSERT_TRUE(files);
    const auto home = files->answer(get(), "");
    EXPECT_EQ(home.status(), 200U);
    EXPECT_EQ(home.body(), "<p>home</p>");
    EXPECT_EQ(home.content_type(), "text/html; charset=utf-8");
    EXPECT_EQ(value_of(home, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(files->answer(get(), "/sub/").body(), "<p>sub</p>");
    EXPECT_EQ(files->answer(get(), "sub/script.js").content_type(), "text/javascript; charset=utf-8");
    EXPECT_EQ(files->answer(get(), "a+b%20c.txt").body(), "plus");
}

TEST_F(StaticFiles, AnswersKnownVersionsWithoutTheBody) {
    const auto files = static_files::load(folder_);
    const auto tag = value_of(files->answer(get(), ""), "ETag");
    for (const std::string& list : {tag, "\"other\", W/" + tag, std::string("*")}) {
        const auto known = files->answer(get({{"If-None-Match", list}}), "");
        EXPECT_EQ(known.status(), 304U) << list;
        EXPECT_TRUE(known.body().empty());
        EXPECT_EQ(value_of(known, "ETag"), tag);
    }
    EXPECT_EQ(files->answer(get({{"If-None-Match", "\"other\""}}), "").status(), 200U);
}

TEST_F(StaticFiles, ServesNothingElse) {
    const auto files = static_files::load(folder_);
    for (const char* const path :
         {"nothing", "sub", ".secret", "link.txt", "../static_files_test.cpp", "%2e%2e/etc/passwd", "sub/../index.html",
          "/etc/passwd", "//index.html", "index.html%00"}) {
        EXPECT_EQ(files->answer(get(), path).status(), 404U) << path;
    }
    auto post = get();
    post.method = "POST";
    EXPECT_EQ(files->answer(post, "").status(), 405U);
}

TEST_F(StaticFiles, RefusesFoldersItCannotTake) {
    EXPECT_EQ(static_files::load(folder_ / "nowhere").error().code, errc::not_found);
    EXPECT_EQ(static_files::load(folder_, 10).error().code, errc::too_large);
}

}  // namespace
}  // namespace kindred::http
