#include "engine/base/token_file.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace kindred {
namespace {

constexpr std::size_t longest_token = 16'384;

}  // namespace

result<std::string> read_token(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    auto text = std::string(trim(bytes));
    if (text.empty()) return fail(errc::unauthorized, file + ": the access token cannot be read");
    const bool plain = std::ranges::all_of(text, [](char letter) { return letter > ' ' && letter < 0x7F; });
    if (!plain || text.size() > longest_token) return fail(errc::unauthorized, file + ": this is no access token");
    return text;
}

}  // namespace kindred
