// What others answer to inquiries is outside bytes as well: certificates, profiles, mails in buckets.
#include "connectors/ses-sns/envelope.hpp"
#include "connectors/ses-sns/payload.hpp"
#include "connectors/slack/person.hpp"
#include "engine/base/certificate.hpp"
#include "engine/channel/meta_messaging.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    namespace ses_sns = kindred::connectors::ses_sns;
    using kindred::json::document;
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    static const kindred::time_point now = kindred::from_millis(1'804'000'000'000);
    (void)kindred::key_of_signer(body, now, ses_sns::is_sns_name);

    const kindred::channel::inquiry_answer said{200, std::string(body)};
    const kindred::identity sender{"slack:T1:U1", kindred::proof::proven};
    const auto known = kindred::connectors::slack::introduction_of(sender, said, true);
    if (known.identities.size() > 1) std::abort();
    (void)kindred::channel::meta_introduction(said);

    static const auto notice = document::parse(
        R"({"Type":"Notification","MessageId":"m1","Message":"{\"notificationType\":\"Received\",\"receipt\":{)"
        R"(\"recipients\":[\"a@b.example\"],\"action\":{\"bucketName\":\"inbox\",\"objectKey\":\"k\"}}}"})");
    if (const auto made = ses_sns::parse(notice->root(), {}, body))
        for (const auto& each : *made) kindred::testing::must_be_whole(each);
    return 0;
}
