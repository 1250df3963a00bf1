#include "connectors/mailgun/connector.hpp"

#include "connectors/mailgun/payload.hpp"
#include "connectors/mailgun/reply.hpp"

namespace kindred::connectors::mailgun {
namespace {

using channel::reception;

/// A sender's clock may be wrong; a date further ahead says nothing.
constexpr std::chrono::hours believable_lead{24};
/// Mailgun takes messages of 25 MB, files in base64.
constexpr std::int64_t longest_files = 18'000'000;
/// How far Mailgun's clock and ours may be apart.
constexpr std::chrono::minutes clock_difference{10};
/// Mailgun tries for about 8 hours and repeats the same signature.
constexpr std::chrono::minutes retry_window{8 * 60 + 30};

account account_of(channel::options& settings) {
    return {settings.address("api_base", "https://api.mailgun.net"), settings.text("domain"), settings.text("api_key"),
            mime::sender_in(settings)};
}

class mailgun_connector final : public channel::connector {
public:
    explicit mailgun_connector(channel::options& settings)
        : signing_keys_(settings.secrets("webhook_signing_key")),
          window_(settings.span("replay_window", retry_window)),
          account_(account_of(settings)),
          ours_(mime::mailbox_in(settings, account_.from)) {}

    channel_kind kind() const override { return channel_kind::email; }

    channel::abilities can() const override { return mime::mail_abilities(longest_files); }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (signing_keys_.empty()) return reception::refuse(403, "not_configured");
        if (arrived.subpath == "/inbound" || arrived.subpath == "/inbound_mime") return receive_mail(arrived, now);
        if (arrived.subpath == "/events") return receive_event(arrived, now);
        return reception::refuse(404, "unknown_path");
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return mail_call(account_, message);
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point) const override {
        return stored_file_call(account_, file);
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
    reception receive_mail(const channel::request& arrived, time_point now) const {
        const auto delivered = read_form(arrived);
        if (!delivered && delivered.error().code == errc::not_found)
            return reception::refuse(415, "wrong_content_type", delivered.error().message);
        if (!delivered) return channel::malformed(delivered.error().message);
        if (auto refused = refuse_unless_genuine(proof_in(delivered->fields), now)) return std::move(*refused);
        return reception_of(parse_mail(*delivered, ours_), now);
    }

    reception receive_event(const channel::request& arrived, time_point now) const {
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        const auto parsed = json::document::parse(arrived.body);
        if (!parsed) return channel::malformed(parsed.error().message);
        if (auto refused = refuse_unless_genuine(proof_in(parsed->root()), now)) return std::move(*refused);
        return reception_of(parse_event(parsed->root()), now);
    }

    /// A wrong signature may be our own wrong key, so Mailgun shall try again (403); what is stale never gets fresh
    /// (406).
    std::optional<reception> refuse_unless_genuine(const proof_of_origin& given, time_point now) const {
        if (given.signature.empty() || given.token.empty() || given.timestamp.empty())
            return reception::refuse(401, "missing_signature");
        if (!is_genuine(given, signing_keys_)) return reception::refuse(403, "wrong_signature");
        const auto age = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() -
                         std::chrono::seconds{channel::number_of(given.timestamp).value_or(0)};
        if (age > window_ || age < -clock_difference) return reception::refuse(406, "stale");
        return std::nullopt;
    }

    static reception reception_of(result<channel::record> happened, time_point now) {
        if (!happened) {
            const bool large = happened.error().code == errc::too_large;
            return large ? reception::refuse(406, "too_large", happened.error().message)
                         : channel::malformed(happened.error().message);
        }
        if (happened->at && *happened->at > now + believable_lead) happened->at.reset();
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        return channel::accept(std::move(records));
    }

    std::vector<std::string> signing_keys_;
    duration window_;
    account account_;
    mime::mailbox ours_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<mailgun_connector>(settings);
}

}  // namespace kindred::connectors::mailgun
