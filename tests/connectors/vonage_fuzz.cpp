#include "connectors/vonage/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    for (const char* path :
         {"/answer", "/event", "/input", "/wait", "/agent", "/voicemail", "/recording", "/picked-up"}) {
        if (const auto made = kindred::connectors::vonage::parse(path, body, "conversation=CON-1"))
            kindred::testing::must_be_whole(*made);
        if (const auto made = kindred::connectors::vonage::parse(path, {}, body))
            kindred::testing::must_be_whole(*made);
    }
    return 0;
}
