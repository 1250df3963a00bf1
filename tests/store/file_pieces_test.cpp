#include "engine/store/redis/file_pieces.hpp"

#include "tests/store/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

namespace kindred::store::redis {
namespace {

void write(const std::string& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> packed(const std::string& file) {
    std::vector<std::string> pieces;
    const auto size = pack_file(file, [&](std::string_view piece) {
        pieces.emplace_back(piece);
        return result<void>{};
    });
    EXPECT_EQ(size.value().plain, std::filesystem::file_size(file));
    return pieces;
}

result<void> unpack(const std::string& file, const std::vector<std::string>& pieces) {
    std::size_t next = 0;
    return unpack_file(file,
                       [&]() -> result<std::string> { return next < pieces.size() ? pieces[next++] : std::string(); });
}

/// Half of it noise, so that there are several pieces.
std::string sample(std::size_t size) {
    std::mt19937_64 dice(1);
    std::string bytes;
    while (bytes.size() < size) {
        const auto number = dice();
        bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
        bytes.append("12345678");
    }
    bytes.resize(size);
    return bytes;
}

TEST(FilePieces, AreTheFileAgain) {
    const temporary_folder folder;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, piece_bytes, std::size_t{6'000'001}}) {
        const auto bytes = sample(size);
        write(folder.file("a"), bytes);
        const auto pieces = packed(folder.file("a"));
        EXPECT_GT(pieces.size(), size / (3 * piece_bytes));
        ASSERT_TRUE(unpack(folder.file("b"), pieces)) << size;
        EXPECT_EQ(read(folder.file("b")), bytes) << size;
    }
}

TEST(FilePieces, ThatAreNotWholeOrDamagedMakeNoFile) {
    const temporary_folder folder;
    write(folder.file("a"), sample(6'000'001));
    const auto pieces = packed(folder.file("a"));
    ASSERT_GT(pieces.size(), 2U);
    auto less = pieces;
    less.pop_back();
    auto other = pieces;
    other[1][other[1].size() / 2] ^= 1;
    auto swapped = pieces;
    std::swap(swapped[0], swapped[1]);
    for (const auto& wrong : {less, other, swapped, std::vector<std::string>{}}) {
        EXPECT_EQ(unpack(folder.file("b"), wrong).error().code, errc::corrupt);
        EXPECT_FALSE(std::filesystem::exists(folder.file("b")));
    }
}

TEST(FilePieces, AreGivenUpWhenSomebodyCannotTakeThem) {
    const temporary_folder folder;
    write(folder.file("a"), sample(6'000'001));
    int given = 0;
    const auto refused = pack_file(folder.file("a"), [&](std::string_view) {
        ++given;
        return result<void>(fail(errc::unavailable, "full"));
    });
    EXPECT_EQ(refused.error().code, errc::unavailable);
    EXPECT_EQ(given, 1);
    EXPECT_EQ(pack_file(folder.file("none"), [](std::string_view) { return result<void>{}; }).error().code, errc::io);
}

}  // namespace
}  // namespace kindred::store::redis
