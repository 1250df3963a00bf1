#include "connectors/bots/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    const kindred::connectors::bots::bot_rules rules{"bots", {}, {"action_handoff"}, {}};
    if (const auto made = kindred::connectors::bots::parse(body, rules))
        kindred::testing::must_be_whole(made->happened);
    return 0;
}
