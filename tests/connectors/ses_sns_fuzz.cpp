#include "connectors/ses-sns/envelope.hpp"
#include "connectors/ses-sns/payload.hpp"
#include "connectors/ses-sns/sealed_mail.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    namespace json = kindred::json;
    namespace ses_sns = kindred::connectors::ses_sns;
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    // Whoever may write into the bucket writes the metadata; KMS's answer comes from outside as well.
    const kindred::channel::inquiry_answer object{200,
                                                  std::string(body),
                                                  {{"x-amz-meta-x-amz-key-v2", "d3JhcHBlZA=="},
                                                   {"x-amz-meta-x-amz-iv", "dHdlbHZlIGJ5dGVz"},
                                                   {"x-amz-meta-x-amz-cek-alg", "AES/GCM/NoPadding"},
                                                   {"x-amz-meta-x-amz-wrap-alg", "kms"},
                                                   {"x-amz-meta-x-amz-matdesc", std::string(body)}}};
    if (const auto sealed = ses_sns::envelope_of(object); sealed && *sealed) {
        (void)ses_sns::unwrap_inquiry({{"id", "secret", ""}, "", ""}, {"inbox", "k"}, **sealed, body, {});
        (void)ses_sns::opened_mail(**sealed, object, body);
    }
    (void)ses_sns::refusal_of_kms(object);
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
