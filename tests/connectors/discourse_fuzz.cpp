#include "connectors/discourse/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    for (const char* event : {"post_created", "post_edited", "post_destroyed", "topic_created"}) {
        const kindred::connectors::discourse::envelope around{"post", event, "7", "forum.example.net"};
        if (const auto made = kindred::connectors::discourse::parse(body, around, "desk"))
            kindred::testing::must_be_whole(*made);
    }
    return 0;
}
