#include "connectors/github/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    for (const char* event : {"issues", "issue_comment", "discussion", "discussion_comment"})
        if (const auto made = kindred::connectors::github::parse(body, event, "desk"))
            kindred::testing::must_be_whole(*made);
    return 0;
}
