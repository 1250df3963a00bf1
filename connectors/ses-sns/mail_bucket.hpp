#pragma once
#include "connectors/ses-sns/aws_signature.hpp"
#include "engine/base/error.hpp"
#include "engine/channel/inquiry.hpp"
#include "engine/channel/options.hpp"

#include <string>
#include <string_view>

namespace kindred::connectors::ses_sns {

/// Where SES has left a mail.
struct mail_place {
    std::string bucket;
    std::string key;

    bool operator==(const mail_place&) const = default;
};

/// How the buckets are reached.
struct bucket_access {
    aws_credentials who;
    std::string region;      ///< empty: that of the topic
    std::string base;        ///< "https://s3.example.com": buckets stand in the path; empty: Amazon's own hosts
    std::string kms_base{};  ///< where keys are unwrapped; empty: Amazon's own host of the region

    bool configured() const { return who.complete(); }
};

/// Reads aws_access_key_id, aws_secret_access_key, aws_session_token, s3_region, s3_base and kms_base.
bucket_access bucket_access_of(channel::options& settings);

/// The inquiry that brings the mail. errc::invalid: what is named is no bucket, no key, or no region; they become part
/// of an address. `topic_arn` names the region where the settings do not.
/// Source: docs.aws.amazon.com/AmazonS3/latest/userguide, "Virtual hosting of general purpose buckets".
result<channel::inquiry> mail_inquiry(const bucket_access& with, const mail_place& where, std::string_view topic_arn,
                                      time_point now);

/// The key of that inquiry's answer.
std::string key_of(const mail_place& where);

/// The region of the bucket: of the settings, else of the topic; may be none.
std::string region_of(const bucket_access& with, std::string_view topic_arn);
/// Whether it may be part of an address as a region.
bool is_region(std::string_view text);

}  // namespace kindred::connectors::ses_sns
