#include "connectors/postmark/connector.hpp"

#include "connectors/postmark/payload.hpp"
#include "connectors/postmark/reply.hpp"
#include "engine/channel/basic_auth.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::postmark {
namespace {

using channel::reception;

/// A sender's clock may be wrong; a date further ahead says nothing.
constexpr std::chrono::hours believable_lead{24};
/// postmarkapp.com/support/article/1056, "What are the Attachment and Email Size Limits?" (read 2026-11-28): 10 MB of
/// the whole message once its files are in base64.
constexpr std::int64_t longest_files = 7'000'000;
/// Postmark takes this as "do not try again".
constexpr unsigned never_again = 403;

account account_of(channel::options& settings) {
    return {settings.address("api_base", "https://api.postmarkapp.com"), settings.text("server_token"),
            settings.text("message_stream"), mime::sender_in(settings)};
}

class postmark_connector final : public channel::connector {
public:
    explicit postmark_connector(channel::options& settings)
        : credentials_(settings.secrets("basic_auth")),
          account_(account_of(settings)),
          ours_(mime::mailbox_in(settings, account_.from)) {
        for (const auto& each : credentials_)
            if (each.find(':') == std::string::npos) settings.complain("basic_auth", "wants user:password");
    }

    channel_kind kind() const override { return channel_kind::email; }

    channel::abilities can() const override { return mime::mail_abilities(longest_files); }

    reception receive(const channel::request& arrived, time_point now) const override {
        const bool ours = arrived.subpath.empty() || arrived.subpath == "/inbound" || arrived.subpath == "/events";
        if (!ours) return reception::refuse(404, "unknown_path");
        if (auto refused = channel::refuse_unless_basic_auth(arrived, credentials_)) return std::move(*refused);
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto happened = parse(arrived.body, ours_);
        if (!happened && happened.error().code == errc::too_large)
            return reception::refuse(never_again, "too_large", happened.error().message);
        if (!happened) return channel::malformed(happened.error().message);
        if (happened->at && *happened->at > now + believable_lead) happened->at.reset();
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        return channel::accept(std::move(records));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return mail_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    std::vector<std::string> credentials_;
    account account_;
    mime::mailbox ours_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<postmark_connector>(settings);
}

}  // namespace kindred::connectors::postmark
