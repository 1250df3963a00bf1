#include "connectors/twilio-sms/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto fields = kindred::channel::form::parse({reinterpret_cast<const char*>(bytes), size});
    if (!fields.is_text()) return 0;
    if (const auto made = kindred::connectors::twilio_sms::parse(fields)) kindred::testing::must_be_whole(*made);
    return 0;
}
