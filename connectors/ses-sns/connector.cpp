#include "connectors/ses-sns/connector.hpp"

#include "connectors/ses-sns/envelope.hpp"
#include "connectors/ses-sns/payload.hpp"
#include "connectors/ses-sns/reply.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace kindred::connectors::ses_sns {
namespace {

using channel::reception;

/// A sender's clock may be wrong; a date further ahead says nothing.
constexpr std::chrono::hours believable_lead{24};

/// The certificates are given as files, because nothing is fetched while a stranger waits for an answer.
std::vector<public_key> certificates_in(channel::options& settings) {
    std::vector<public_key> keys;
    for (const auto& path : settings.list("certificate_file")) {
        std::ifstream in(path, std::ios::binary);
        const std::string pem{std::istreambuf_iterator<char>(in), {}};
        if (auto key = public_key::from_certificate(pem))
            keys.push_back(std::move(*key));
        else
            settings.complain("certificate_file", "wants files with SNS's certificate in PEM: " + path + " is none");
    }
    return keys;
}

account account_of(channel::options& settings) {
    auto submission = mime::read_submission(settings);
    return {std::move(submission), mime::sender_in(settings)};
}

class ses_sns_connector final : public channel::connector {
public:
    explicit ses_sns_connector(channel::options& settings)
        : topics_(settings.list("allowed_topic_arn")),
          certificates_(certificates_in(settings)),
          certificate_urls_(settings.list("certificate_url")),
          account_(account_of(settings)),
          ours_(mime::mailbox_in(settings, account_.from)) {}

    channel_kind kind() const override { return channel_kind::email; }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (!arrived.subpath.empty() && arrived.subpath != "/inbound" && arrived.subpath != "/events")
            return reception::refuse(404, "unknown_path");
        if (topics_.empty() || certificates_.empty()) return reception::refuse(403, "not_configured");
        const auto type = channel::media_type_of(arrived);
        if (type != "text/plain" && type != "application/json")
            return reception::refuse(415, "wrong_content_type", "Content-Type: wants text/plain, as SNS sends it");
        const auto parsed = json::document::parse(arrived.body);
        if (!parsed) return channel::malformed(parsed.error().message);
        if (auto refused = refuse_unless_sns(arrived, parsed->root())) return std::move(*refused);
        auto happened = parse(parsed->root(), ours_);
        if (!happened && happened.error().code == errc::too_large)
            return reception::refuse(413, "too_large", happened.error().message);
        if (!happened) return channel::malformed(happened.error().message);
        for (auto& each : *happened)
            if (each.at && *each.at > now + believable_lead) each.at.reset();
        return channel::accept(std::move(*happened));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return mail_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override { return judge_answer(answered); }

private:
    /// A signature proves that AWS sent it, for anybody's topic: what counts is that the topic is ours.
    std::optional<reception> refuse_unless_sns(const channel::request& arrived, json::value envelope) const {
        if (envelope["Signature"].text().empty()) return reception::refuse(401, "missing_signature");
        const auto text = signed_text(envelope);
        if (!text) return channel::malformed(text.error().message);
        if (!is_known_certificate(envelope["SigningCertURL"].text())) return reception::refuse(403, "wrong_signature");
        if (!is_genuine(envelope, *text, certificates_)) return reception::refuse(403, "wrong_signature");
        if (std::find(topics_.begin(), topics_.end(), envelope["TopicArn"].text()) == topics_.end())
            return reception::refuse(403, "wrong_account");
        if (arrived.single_header("x-amz-sns-message-type") != envelope["Type"].text() ||
            arrived.single_header("x-amz-sns-message-id") != envelope["MessageId"].text())
            return channel::malformed("x-amz-sns-message-type and -id: differ from the body");
        const auto confirm_at = envelope["SubscribeURL"].text();
        if (!confirm_at.empty() && !is_sns_address(confirm_at))
            return channel::malformed("SubscribeURL: is none of SNS");
        return std::nullopt;
    }

    bool is_known_certificate(std::string_view address) const {
        if (!is_sns_address(address) || !address.ends_with(".pem")) return false;
        return certificate_urls_.empty() ||
               std::find(certificate_urls_.begin(), certificate_urls_.end(), address) != certificate_urls_.end();
    }

    std::vector<std::string> topics_;
    std::vector<public_key> certificates_;
    std::vector<std::string> certificate_urls_;
    account account_;
    mime::mailbox ours_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<ses_sns_connector>(settings);
}

}  // namespace kindred::connectors::ses_sns
