#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

/// Feeds every file of the folders and files given to the fuzzer's entry point: what libFuzzer does with -runs=0, for
/// builds without it. A missing or empty corpus is a failure: it would test nothing.
int main(int count, char** arguments) {
    std::size_t fed = 0;
    const auto feed = [&](const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        ++fed;
    };
    for (int i = 1; i < count; ++i) {
        const std::filesystem::path given = arguments[i];
        std::error_code problem;
        if (!std::filesystem::is_directory(given, problem)) {
            if (std::filesystem::exists(given, problem)) feed(given);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(given))
            if (entry.is_regular_file()) feed(entry.path());
    }
    std::printf("%zu inputs\n", fed);
    return fed > 0 ? 0 : 1;
}
