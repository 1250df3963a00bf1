#include "connectors/messenger/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    const auto records = kindred::connectors::messenger::parse(body, "");
    if (!records) return 0;
    if (records->empty()) std::abort();
    for (const auto& made : *records) kindred::testing::must_be_whole(made);
    return 0;
}
