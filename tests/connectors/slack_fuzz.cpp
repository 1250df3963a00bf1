#include "connectors/slack/interaction.hpp"
#include "connectors/slack/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    if (const auto read = kindred::connectors::slack::parse(body); read && read->challenge.empty())
        kindred::testing::must_be_whole(read->happened);
    if (const auto made = kindred::connectors::slack::parse_form(body))
        for (const auto& each : *made) kindred::testing::must_be_whole(each);
    if (const auto made = kindred::connectors::slack::parse_interaction(body))
        for (const auto& each : *made) kindred::testing::must_be_whole(each);
    return 0;
}
