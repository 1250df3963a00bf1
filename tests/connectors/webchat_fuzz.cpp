#include "connectors/webchat/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    if (const auto made = kindred::connectors::webchat::parse(body, "visitor", {4000, {"secret"}, {}}))
        kindred::testing::must_be_whole(*made);
    return 0;
}
