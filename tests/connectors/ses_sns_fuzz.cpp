#include "connectors/ses-sns/envelope.hpp"
#include "connectors/ses-sns/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    namespace json = kindred::json;
    namespace ses_sns = kindred::connectors::ses_sns;
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    const auto outer = json::document::parse(body);
    if (!outer) return 0;
    (void)ses_sns::signed_text(outer->root());
    if (const auto made = ses_sns::parse(outer->root(), {}))
        for (const auto& each : *made) kindred::testing::must_be_whole(each);
    // What SES says stands inside as a text, which random bytes seldom become: so it is also tried as the whole.
    json::writer envelope;
    envelope.begin_object().member("Type", "Notification").member("MessageId", "m1").member("Message", body);
    const auto text = envelope.end_object().take();
    if (const auto wrapped = json::document::parse(text))
        if (const auto made = ses_sns::parse(wrapped->root(), {}))
            for (const auto& each : *made) kindred::testing::must_be_whole(each);
    return 0;
}
