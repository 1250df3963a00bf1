#pragma once
#include "connectors/ses-sns/mail_bucket.hpp"
#include "engine/base/error.hpp"
#include "engine/channel/inquiry.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Mails that SES has encrypted before it put them into a bucket ("message encryption" of its S3 action): the envelope
/// of Amazon's S3 encryption client. Its data key is wrapped by KMS, which alone can unwrap it.
/// Source: docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html;
/// docs.aws.amazon.com/amazon-s3-encryption-client/latest/developerguide.
namespace kindred::connectors::ses_sns {

/// What the object's metadata say.
struct sealed_envelope {
    std::string wrapped_key;  ///< as KMS gave it, in base64
    std::string context;      ///< a JSON object: KMS unwraps under the same words alone
    std::string iv;
    bool gcm = true;  ///< else CBC
    std::size_t tag_bytes = 16;
};

/// The envelope of an answer of S3; none when the mail lies there as it is.
/// errc::invalid: encrypted in a way that KMS cannot undo, and how.
result<std::optional<sealed_envelope>> envelope_of(const channel::inquiry_answer& object);

/// The inquiry by which KMS unwraps the key. errc::invalid: there is no region to ask in.
result<channel::inquiry> unwrap_inquiry(const bucket_access& with, const mail_place& where,
                                        const sealed_envelope& envelope, std::string_view topic_arn, time_point now);

/// The key of that inquiry's answer.
std::string unwrap_key_of(const mail_place& where);

/// The mail, by KMS's answer. errc::invalid: the answer has no key, or the key does not open it.
result<std::string> opened_mail(const sealed_envelope& envelope, const channel::inquiry_answer& unwrapped,
                                std::string_view sealed);

/// What KMS says where it does not unwrap: "AccessDeniedException: ..."; empty when it says nothing.
std::string refusal_of_kms(const channel::inquiry_answer& unwrapped);

}  // namespace kindred::connectors::ses_sns
