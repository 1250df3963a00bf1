#include "connectors/twilio-voice/payload.hpp"
#include "engine/channel/twilio.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    const auto fields = kindred::channel::form::parse(body);
    // The address is the attacker's as much as the form is.
    kindred::channel::is_signed_by_twilio({"token"}, body, fields.fields(), "c2ln");
    if (!fields.is_text()) return 0;
    for (const std::string_view path :
         {"", "/menu", "/key", "/wait", "/after-queue", "/agent", "/called-back", "/voicemail", "/status"})
        if (const auto made = kindred::connectors::twilio_voice::parse(path, fields, fields))
            kindred::testing::must_be_whole(*made);
    return 0;
}
