#include "connectors/ses-sns/mail_bucket.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>

namespace kindred::connectors::ses_sns {
namespace {

constexpr std::string_view lower_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789-";
/// Buckets older than 2018 may have these too.
constexpr std::string_view bucket_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
constexpr std::size_t longest_key = 1'024;
/// A mail may have 40 MB.
constexpr duration mails_take = std::chrono::seconds{60};

bool is_of(std::string_view text, std::string_view letters, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most && text.find_first_not_of(letters) == std::string_view::npos;
}

/// Each step is encoded, the slashes between them are not.
std::string path_of(std::string_view key) {
    std::string path;
    for (const auto step : split(key, '/')) path += '/' + encode_percent(step);
    return path;
}

/// "arn:aws:sns:us-east-1:111111111111:SES_Inbound"
std::string_view region_in(std::string_view arn) {
    const auto parts = split(arn, ':');
    return parts.size() > 3 ? parts[3] : std::string_view{};
}

struct address {
    std::string scheme;
    std::string host;
    std::string path;
};

/// A name with a dot or a capital fits no certificate, and stands in the path.
address address_of(const bucket_access& with, const mail_place& where, std::string_view region) {
    auto path = path_of(where.key);
    if (!with.base.empty()) {
        const auto host_at = with.base.find("://") + 3;
        const auto path_at = std::min(with.base.find('/', host_at), with.base.size());
        return {with.base.substr(0, host_at), with.base.substr(host_at, path_at - host_at),
                with.base.substr(path_at) + '/' + where.bucket + path};
    }
    const auto service = "s3." + std::string(region) + ".amazonaws.com" + (region.starts_with("cn-") ? ".cn" : "");
    if (is_of(where.bucket, lower_and_digits, 3, 63)) return {"https://", where.bucket + '.' + service, path};
    return {"https://", service, '/' + where.bucket + path};
}

}  // namespace

bucket_access bucket_access_of(channel::options& settings) {
    bucket_access read;
    read.who = {settings.text("aws_access_key_id"), settings.text("aws_secret_access_key"),
                settings.text("aws_session_token")};
    read.region = settings.text("s3_region");
    read.base = settings.address("s3_base", "");
    read.kms_base = settings.address("kms_base", "");
    if (read.who.access_key_id.empty() != read.who.secret_access_key.empty())
        settings.complain(read.who.access_key_id.empty() ? "aws_access_key_id" : "aws_secret_access_key",
                          "is missing: the key and its secret");
    if (!read.region.empty() && !is_region(read.region))
        settings.complain("s3_region", "wants a region such as eu-west-1, not \"" + read.region + "\"");
    return read;
}

std::string region_of(const bucket_access& with, std::string_view topic_arn) {
    return with.region.empty() ? std::string(region_in(topic_arn)) : with.region;
}

bool is_region(std::string_view text) { return is_of(text, lower_and_digits, 4, 30); }

std::string key_of(const mail_place& where) { return "mail:" + where.bucket + '/' + where.key; }

result<channel::inquiry> mail_inquiry(const bucket_access& with, const mail_place& where, std::string_view topic_arn,
                                      time_point now) {
    const auto region = region_of(with, topic_arn);
    if (!is_region(region)) return fail(errc::invalid, "TopicArn: names no region; set s3_region");
    if (!is_of(where.bucket, bucket_letters, 3, 255) || where.bucket.find("..") != std::string::npos)
        return fail(errc::invalid, "receipt.action.bucketName: is no bucket");
    if (where.key.empty() || where.key.size() > longest_key)
        return fail(errc::invalid, "receipt.action.objectKey: is missing or too long");
    for (const auto step : split(where.key, '/'))
        if (step == "." || step == "..")
            return fail(errc::invalid, "receipt.action.objectKey: has a step that addresses resolve");
    const auto at = address_of(with, where, region);
    aws_request wanted{.service = "s3", .region = region, .host = at.host, .path = at.path};
    wanted.headers = {{"x-amz-content-sha256", channel::sha256_hex("")}};
    channel::inquiry made;
    made.key = key_of(where);
    made.url = at.scheme + at.host + at.path;
    made.headers = signed_by_aws(with.who, wanted, now);
    made.within = mails_take;
    return made;
}

}  // namespace kindred::connectors::ses_sns
