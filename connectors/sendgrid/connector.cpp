#include "connectors/sendgrid/connector.hpp"

#include "connectors/sendgrid/inbound_mail.hpp"
#include "connectors/sendgrid/payload.hpp"
#include "connectors/sendgrid/reply.hpp"
#include "engine/base/public_key.hpp"
#include "engine/channel/basic_auth.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

namespace kindred::connectors::sendgrid {
namespace {

using channel::reception;

/// A sender's clock may be wrong; a date further ahead says nothing.
constexpr std::chrono::hours believable_lead{24};
/// SendGrid takes messages of 30 MB, files in base64.
constexpr std::int64_t longest_files = 21'000'000;

std::vector<public_key> keys_in(channel::options& settings, std::string_view name) {
    std::vector<public_key> keys;
    for (const auto& written : settings.secrets(name)) {
        const auto der = from_base64(written);
        if (auto key = der ? public_key::from_der(*der) : std::nullopt)
            keys.push_back(std::move(*key));
        else
            settings.complain(name, "wants the verification key that SendGrid shows: base64 of an EC public key");
    }
    return keys;
}

/// ECDSA over the time as it is written and the raw body. The time is signed, but SendGrid repeats a delivery for days
/// with the same one: what protects from repetition is the event's id.
std::optional<reception> refuse_unless_signed(const channel::request& arrived, const std::vector<public_key>& keys) {
    const auto signature = arrived.single_header("x-twilio-email-event-webhook-signature");
    const auto stamp = arrived.single_header("x-twilio-email-event-webhook-timestamp");
    if (!signature || !stamp) return reception::refuse(401, "missing_signature");
    const auto raw = from_base64(*signature);
    const auto signed_bytes = std::string(*stamp).append(arrived.body);
    const bool genuine = raw && std::any_of(keys.begin(), keys.end(),
                                            [&](const public_key& each) { return each.verifies(signed_bytes, *raw); });
    if (!genuine) return reception::refuse(403, "wrong_signature");
    return std::nullopt;
}

class sendgrid_connector final : public channel::connector {
public:
    explicit sendgrid_connector(channel::options& settings)
        : event_keys_(keys_in(settings, "public_key_der_base64")),
          inbound_keys_(keys_in(settings, "inbound_public_key_der_base64")),
          credentials_(settings.secrets("basic_auth")),
          account_{settings.address("api_base", "https://api.sendgrid.com"), settings.text("api_key"),
                   mime::sender_in(settings)},
          ours_(mime::mailbox_in(settings, account_.from)) {}

    channel_kind kind() const override { return channel_kind::email; }

    channel::abilities can() const override { return mime::mail_abilities(longest_files); }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (arrived.subpath == "/inbound") return receive_mail(arrived, now);
        if (arrived.subpath == "/events") return receive_events(arrived);
        return reception::refuse(404, "unknown_path");
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return mail_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }
    channel::checkup_result read_checkup(const channel::checkup& asked,
                                         const channel::provider_answer& answered) const override {
        return read_account_checkup(answered, connector::read_checkup(asked, answered));
    }

private:
    /// Inbound Parse proves nothing unless it is told to. A mail without proof is no more than what any stranger may
    /// hand to a mail server: whom it says it is from is a claim either way.
    reception receive_mail(const channel::request& arrived, time_point now) const {
        if (!credentials_.empty())
            if (auto refused = channel::refuse_unless_basic_auth(arrived, credentials_)) return std::move(*refused);
        if (!inbound_keys_.empty())
            if (auto refused = refuse_unless_signed(arrived, inbound_keys_)) return std::move(*refused);
        if (channel::media_type_of(arrived) != "multipart/form-data")
            return reception::refuse(415, "wrong_content_type", "Content-Type: wants multipart/form-data");
        const auto type = arrived.single_header("content-type").value_or("");
        auto happened = parse_mail(arrived.body, channel::parameter_of(type, "boundary"), ours_);
        if (!happened && happened.error().code == errc::too_large)
            return reception::refuse(413, "too_large", happened.error().message);
        if (!happened) return channel::malformed(happened.error().message);
        if (happened->at && *happened->at > now + believable_lead) happened->at.reset();
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        return channel::accept(std::move(records));
    }

    reception receive_events(const channel::request& arrived) const {
        if (event_keys_.empty()) return reception::refuse(403, "not_configured");
        if (auto refused = refuse_unless_signed(arrived, event_keys_)) return std::move(*refused);
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto happened = parse_events(arrived.body);
        if (!happened && happened.error().code == errc::too_large)
            return reception::refuse(413, "too_large", happened.error().message);
        return happened ? channel::accept(std::move(*happened)) : channel::malformed(happened.error().message);
    }

    std::vector<public_key> event_keys_;
    std::vector<public_key> inbound_keys_;
    std::vector<std::string> credentials_;
    account account_;
    mime::mailbox ours_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<sendgrid_connector>(settings);
}

}  // namespace kindred::connectors::sendgrid
