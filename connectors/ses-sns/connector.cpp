#include "connectors/ses-sns/connector.hpp"

#include "connectors/ses-sns/envelope.hpp"
#include "connectors/ses-sns/mail_bucket.hpp"
#include "connectors/ses-sns/payload.hpp"
#include "connectors/ses-sns/reply.hpp"
#include "connectors/ses-sns/sealed_mail.hpp"
#include "engine/base/certificate.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace kindred::connectors::ses_sns {
namespace {

using channel::reception;

/// A sender's clock may be wrong; a date further ahead says nothing.
constexpr std::chrono::hours believable_lead{24};
/// docs.aws.amazon.com/ses/latest/dg/quotas.html, "Message quotas" (read 2026-11-28): API v2 takes 40 MB, files in
/// base64.
constexpr std::int64_t longest_files = 28'000'000;

/// The address of a certificate names its content: another certificate has another address.
constexpr duration certificates_stay = std::chrono::days{1};
constexpr duration visits_stay = std::chrono::minutes{10};

/// Certificates that are given as files are believed as they are.
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
          confirms_(settings.yes_no("confirm_subscriptions", true)),
          sns_base_(settings.address("sns_base", "")),
          bucket_(bucket_access_of(settings)),
          account_(account_of(settings)),
          ours_(mime::mailbox_in(settings, account_.from)) {}

    channel_kind kind() const override { return channel_kind::email; }

    channel::abilities can() const override { return mime::mail_abilities(longest_files); }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (!arrived.subpath.empty() && arrived.subpath != "/inbound" && arrived.subpath != "/events")
            return reception::refuse(404, "unknown_path");
        if (topics_.empty()) return reception::refuse(403, "not_configured");
        const auto type = channel::media_type_of(arrived);
        if (type != "text/plain" && type != "application/json")
            return reception::refuse(415, "wrong_content_type", "Content-Type: wants text/plain, as SNS sends it");
        const auto parsed = json::document::parse(arrived.body);
        if (!parsed) return channel::malformed(parsed.error().message);
        const auto envelope = parsed->root();
        if (auto stopped = stop_unless_sns(arrived, envelope, now)) return std::move(*stopped);
        if (const auto elsewhere = mail_elsewhere(envelope); elsewhere && bucket_.configured())
            return take_from_bucket(arrived, envelope, *elsewhere, now);
        auto taken = take(envelope, std::nullopt, now);
        if (!confirms_ || envelope["Type"].text() != "SubscriptionConfirmation" || !taken.refused.empty()) return taken;
        return confirm(arrived, envelope, std::move(taken));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return mail_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override { return judge_answer(answered); }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_.submission.checkup()}; }

private:
    /// Its records, once it is proven.
    reception take(json::value envelope, std::optional<std::string_view> mail, time_point now) const {
        auto happened = parse(envelope, ours_, mail);
        if (!happened && happened.error().code == errc::too_large)
            return reception::refuse(413, "too_large", happened.error().message);
        if (!happened) return channel::malformed(happened.error().message);
        for (auto& each : *happened)
            if (each.at && *each.at > now + believable_lead) each.at.reset();
        return channel::accept(std::move(*happened));
    }

    reception take_from_bucket(const channel::request& arrived, json::value envelope, const mail_place& elsewhere,
                               time_point now) const {
        if (const auto* mail = arrived.answer_to(key_of(elsewhere))) {
            if (mail->is_fine()) return take_from_answer(arrived, envelope, elsewhere, *mail, now);
            return unanswered("the bucket " + elsewhere.bucket, *mail);
        }
        auto wanted = mail_inquiry(bucket_, elsewhere, envelope["TopicArn"].text(), arrived.looked_at.value_or(now));
        if (!wanted) return channel::malformed(wanted.error().message);
        auto made = take(envelope, std::nullopt, now);
        if (!made.refused.empty()) return made;
        made.asks.push_back(std::move(*wanted));
        made.asks_may_wait = true;
        return made;
    }

    /// As it lies there, or opened with the key that KMS unwraps. What cannot be opened is never taken for a mail: it
    /// stays on record with the reason.
    reception take_from_answer(const channel::request& arrived, json::value envelope, const mail_place& elsewhere,
                               const channel::inquiry_answer& object, time_point now) const {
        const auto sealed = envelope_of(object);
        if (!sealed) return not_opened(elsewhere, sealed.error().message);
        if (!*sealed) return take(envelope, object.body, now);
        if (const auto* unwrapped = arrived.answer_to(unwrap_key_of(elsewhere))) {
            const auto refusal = refusal_of_kms(*unwrapped);
            if (!unwrapped->is_fine() && !refusal.empty()) return not_opened(elsewhere, "KMS says " + refusal);
            if (!unwrapped->is_fine()) return unanswered("KMS", *unwrapped);
            const auto mail = opened_mail(**sealed, *unwrapped, object.body);
            return mail ? take(envelope, *mail, now) : not_opened(elsewhere, mail.error().message);
        }
        auto wanted =
            unwrap_inquiry(bucket_, elsewhere, **sealed, envelope["TopicArn"].text(), arrived.looked_at.value_or(now));
        if (!wanted) return not_opened(elsewhere, wanted.error().message);
        auto made = take(envelope, std::nullopt, now);
        if (!made.refused.empty()) return made;
        made.asks.push_back(std::move(*wanted));
        made.asks_may_wait = true;
        return made;
    }

    static reception not_opened(const mail_place& where, const std::string& why) {
        return reception::refuse(503, "encrypted",
                                 "the mail " + where.key + " in the bucket " + where.bucket +
                                     " is encrypted by S3's client, and cannot be opened: " + why);
    }

    /// Who visits the address has confirmed.
    reception confirm(const channel::request& arrived, json::value envelope, reception taken) const {
        const auto key = "confirm:" + std::string(envelope["MessageId"].text());
        if (const auto* visit = arrived.answer_to(key)) {
            if (!visit->is_fine()) return unanswered("SNS", *visit);
            for (auto& each : taken.records) each.add_detail("confirmed", "true");
            return taken;
        }
        channel::inquiry visit;
        visit.key = key;
        visit.url = address_at(sns_base_, envelope["SubscribeURL"].text());
        visit.good_for = visits_stay;
        taken.asks.push_back(std::move(visit));
        taken.asks_may_wait = true;
        return taken;
    }

    static reception unanswered(const std::string& who, const channel::inquiry_answer& said) {
        return reception::refuse(503, "unanswered",
                                 said.status == 0 ? who + " did not answer: " + said.body
                                                  : who + " answered " + std::to_string(said.status));
    }

    /// A signature proves that AWS sent it, for anybody's topic: what counts is that the topic is ours.
    std::optional<reception> stop_unless_sns(const channel::request& arrived, json::value envelope,
                                             time_point now) const {
        if (envelope["Signature"].text().empty()) return reception::refuse(401, "missing_signature");
        const auto text = signed_text(envelope);
        if (!text) return channel::malformed(text.error().message);
        const auto certificate = envelope["SigningCertURL"].text();
        if (!is_known_certificate(certificate)) return reception::refuse(403, "wrong_signature");
        const bool ours = std::find(topics_.begin(), topics_.end(), envelope["TopicArn"].text()) != topics_.end();
        // Nothing is downloaded for a topic that is not ours anyway.
        if (!ours && certificates_.empty()) return reception::refuse(403, "wrong_account");
        if (auto stopped = stop_unless_genuine(arrived, envelope, *text, now)) return stopped;
        if (!ours) return reception::refuse(403, "wrong_account");
        if (arrived.single_header("x-amz-sns-message-type") != envelope["Type"].text() ||
            arrived.single_header("x-amz-sns-message-id") != envelope["MessageId"].text())
            return channel::malformed("x-amz-sns-message-type and -id: differ from the body");
        const auto confirm_at = envelope["SubscribeURL"].text();
        if (!confirm_at.empty() && !is_sns_address(confirm_at))
            return channel::malformed("SubscribeURL: is none of SNS");
        return std::nullopt;
    }

    /// By the certificates that we were given, else by the one that SNS's own host has at the address in the message.
    std::optional<reception> stop_unless_genuine(const channel::request& arrived, json::value envelope,
                                                 std::string_view text, time_point now) const {
        if (!certificates_.empty())
            return is_genuine(envelope, text, certificates_) ? std::nullopt
                                                             : std::optional(reception::refuse(403, "wrong_signature"));
        const auto address = envelope["SigningCertURL"].text();
        const auto key = "certificate:" + std::string(address);
        const auto* downloaded = arrived.answer_to(key);
        if (downloaded == nullptr) {
            auto asks = reception::refuse(503, "unanswered");
            channel::inquiry wanted;
            wanted.key = key;
            wanted.url = address_at(sns_base_, address);
            wanted.good_for = certificates_stay;
            asks.asks.push_back(std::move(wanted));
            return asks;
        }
        if (!downloaded->is_fine()) return unanswered("the certificate's host", *downloaded);
        const auto signer = key_of_signer(downloaded->body, now, is_sns_name);
        if (!signer) return reception::refuse(403, "wrong_certificate", signer.error().message);
        if (!is_genuine(envelope, text, {*signer})) return reception::refuse(403, "wrong_signature");
        return std::nullopt;
    }

    bool is_known_certificate(std::string_view address) const {
        if (!is_sns_address(address) || !address.ends_with(".pem")) return false;
        return certificate_urls_.empty() ||
               std::find(certificate_urls_.begin(), certificate_urls_.end(), address) != certificate_urls_.end();
    }

    /// The address as it is, or the same path at another host that stands in for SNS's.
    static std::string address_at(const std::string& base, std::string_view address) {
        if (base.empty()) return std::string(address);
        return base + std::string(address.substr(address.find('/', address.find("://") + 3)));
    }

    std::vector<std::string> topics_;
    std::vector<public_key> certificates_;
    std::vector<std::string> certificate_urls_;
    bool confirms_;
    std::string sns_base_;
    bucket_access bucket_;
    account account_;
    mime::mailbox ours_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<ses_sns_connector>(settings);
}

}  // namespace kindred::connectors::ses_sns
