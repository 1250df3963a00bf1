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

TEST(SmallerForms, AreChosenByWhatTheBrowserTakes) {
    const static_files files({{"app.js", "0123456789"},
                              {"app.js.br", "b"},
                              {"app.js.gz", "gz"},
                              {"only.gz", "alone"},
                              {"app.js.br.gz", "x"}});
    struct row {
        const char* accepts;
        const char* coding;
        const char* body;
    };
    for (const auto& [accepts, coding, body] :
         {row{"", "", "0123456789"}, row{"gzip, deflate, br, zstd", "br", "b"}, row{"gzip", "gzip", "gz"},
          row{"GZIP;q=0.1", "gzip", "gz"}, row{"br;q=0, gzip", "gzip", "gz"},
          row{"br;q=0.000, gzip; q=0", "", "0123456789"}, row{"*", "br", "b"}, row{"*;q=0", "", "0123456789"},
          row{"br;q=0, *", "gzip", "gz"}, row{"identity", "", "0123456789"},
          row{"brotli, gzipped", "", "0123456789"}}) {
        const auto told = files.answer(get({{"Accept-Encoding", accepts}}), "app.js");
        EXPECT_EQ(told.body(), body) << accepts;
        EXPECT_EQ(value_of(told, "Content-Encoding"), coding) << accepts;
        EXPECT_EQ(value_of(told, "Vary"), "Accept-Encoding") << accepts;
        EXPECT_EQ(told.content_type(), "text/javascript; charset=utf-8") << accepts;
    }
    EXPECT_EQ(files.answer(get(), "only.gz").body(), "alone");
    EXPECT_EQ(files.answer(get(), "app.js.br").status(), 404U);
}

TEST(SmallerForms, HaveAVersionOfTheirOwn) {
    const static_files files(
        {{"app.js", "0123456789"}, {"app.js.gz", "gz"}, {"grown.js", "1"}, {"grown.js.gz", "larger"}});
    const auto tag = value_of(files.answer(get(), "app.js"), "ETag");
    const auto small = value_of(files.answer(get({{"Accept-Encoding", "gzip"}}), "app.js"), "ETag");
    EXPECT_NE(tag, small);
    EXPECT_EQ(files.answer(get({{"Accept-Encoding", "gzip"}, {"If-None-Match", tag}}), "app.js").status(), 200U);
    const auto known = files.answer(get({{"Accept-Encoding", "gzip"}, {"If-None-Match", small}}), "app.js");
    EXPECT_EQ(known.status(), 304U);
    EXPECT_EQ(value_of(known, "Content-Encoding"), "");
    EXPECT_EQ(value_of(known, "Vary"), "Accept-Encoding");
    EXPECT_EQ(files.answer(get({{"Accept-Encoding", "gzip"}}), "grown.js").body(), "1");
}

TEST(StaticFileCaching, KeepsForEverWhatIsNamedByItsContent) {
    const static_files files({{"index.html", "page"}, {"assets/app-1a2b3c.js", "1"}});
    EXPECT_EQ(value_of(files.answer(get(), ""), "Cache-Control"), "no-cache");
    EXPECT_EQ(value_of(files.answer(get(), "assets/app-1a2b3c.js"), "Cache-Control"),
              "public, max-age=31536000, immutable");
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
