#include "connectors/postmark/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    const kindred::connectors::mime::mailbox ours{{"help@in.example.net"}, {"0123456789abcdef"}, {}};
    if (const auto made = kindred::connectors::postmark::parse(body, ours)) kindred::testing::must_be_whole(*made);
    return 0;
}
