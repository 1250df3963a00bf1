#include "engine/settings/tree.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kindred::settings::problems found;
    const auto tree =
        kindred::settings::parse_yaml("fuzz.yaml", {reinterpret_cast<const char*>(data), size}, found, {1 << 16, 64});
    if (!tree && !found.has_errors()) std::abort();
    return 0;
}
