#include "connectors/ses-sns/sealed_mail.hpp"

#include "engine/base/cipher.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

namespace kindred::connectors::ses_sns {
namespace {

constexpr std::size_t longest_refusal = 300;

/// A member of the envelope: the older client wrote "x-amz-key", the newer "x-amz-key-v2".
std::string_view member(const channel::inquiry_answer& object, std::string_view name) {
    return object.header("x-amz-meta-x-amz-" + std::string(name));
}

/// "arn:aws:kms:eu-west-1:111111111111:key/..." names the region of the key; else it is the bucket's.
std::string region_for(const bucket_access& with, const sealed_envelope& envelope, std::string_view topic_arn) {
    const auto context = json::document::parse(envelope.context);
    const auto parts = split(context ? (*context)["kms_cmk_id"].text() : std::string_view{}, ':');
    if (parts.size() > 5 && parts[0] == "arn" && parts[2] == "kms" && is_region(parts[3])) return std::string(parts[3]);
    return region_of(with, topic_arn);
}

result<std::size_t> tag_bytes_of(std::string_view bits) {
    if (bits.empty() || bits == "128") return std::size_t{16};
    if (bits == "96") return std::size_t{12};
    return fail(errc::invalid, "x-amz-tag-len: wants 128 or 96 bits, not " + std::string(bits.substr(0, 20)));
}

}  // namespace

result<std::optional<sealed_envelope>> envelope_of(const channel::inquiry_answer& object) {
    const auto newer = member(object, "key-v2");
    const auto older = member(object, "key");
    if (newer.empty() && older.empty()) return std::optional<sealed_envelope>{};
    const auto wrapped_by = member(object, "wrap-alg");
    if (newer.empty() || (wrapped_by != "kms" && wrapped_by != "kms+context"))
        return fail(errc::invalid, "its key is wrapped by " +
                                       (wrapped_by.empty() ? std::string("a key of the client's own")
                                                           : std::string(wrapped_by.substr(0, 40))) +
                                       ", and KMS unwraps its own alone");
    const auto cipher = member(object, "cek-alg");
    sealed_envelope read;
    read.gcm = cipher == "AES/GCM/NoPadding";
    if (!read.gcm && cipher != "AES/CBC/PKCS5Padding")
        return fail(errc::invalid, "it is encrypted by \"" + std::string(cipher.substr(0, 40)) + '"');
    auto iv = from_base64(member(object, "iv"));
    if (!iv || iv->empty()) return fail(errc::invalid, "x-amz-iv: is missing");
    read.iv = std::move(*iv);
    if (!from_base64(newer)) return fail(errc::invalid, "x-amz-key-v2: is no base64");
    read.wrapped_key = newer;
    const auto words = member(object, "matdesc");
    const auto context = json::document::parse(words.empty() ? std::string_view("{}") : words);
    if (!context || !context->root().is_object()) return fail(errc::invalid, "x-amz-matdesc: wants a JSON object");
    read.context = context->root().to_text();
    auto tag = tag_bytes_of(member(object, "tag-len"));
    if (!tag) return tag.error();
    read.tag_bytes = *tag;
    return std::optional(std::move(read));
}

std::string unwrap_key_of(const mail_place& where) { return "unwrap:" + where.bucket + '/' + where.key; }

result<channel::inquiry> unwrap_inquiry(const bucket_access& with, const mail_place& where,
                                        const sealed_envelope& envelope, std::string_view topic_arn, time_point now) {
    const auto region = region_for(with, envelope, topic_arn);
    if (!is_region(region)) return fail(errc::invalid, "TopicArn: names no region; set s3_region");
    json::writer body;
    body.begin_object().member("CiphertextBlob", envelope.wrapped_key);
    body.key("EncryptionContext").raw(envelope.context).end_object();
    channel::inquiry made;
    made.key = unwrap_key_of(where);
    made.method = "POST";
    made.body = body.take();
    const auto china = region.starts_with("cn-") ? ".cn" : "";
    const auto base = with.kms_base.empty() ? "https://kms." + region + ".amazonaws.com" + china : with.kms_base;
    const auto host_at = base.find("://") + 3;
    const auto path_at = std::min(base.find('/', host_at), base.size());
    const auto path = base.substr(path_at) + '/';
    const auto host = base.substr(host_at, path_at - host_at);
    made.url = base + '/';
    aws_request wanted{.method = "POST", .service = "kms", .region = region, .host = host, .path = path};
    wanted.headers = {{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", "TrentService.Decrypt"}};
    wanted.body = made.body;
    made.headers = signed_by_aws(with.who, wanted, now);
    return made;
}

result<std::string> opened_mail(const sealed_envelope& envelope, const channel::inquiry_answer& unwrapped,
                                std::string_view sealed) {
    const auto parsed = json::document::parse(unwrapped.body);
    const auto key = from_base64(parsed ? (*parsed)["Plaintext"].text() : std::string_view{});
    if (!key || key->empty()) return fail(errc::invalid, "KMS's answer has no key");
    auto mail = envelope.gcm ? open_aes_gcm(*key, envelope.iv, sealed, envelope.tag_bytes)
                             : open_aes_cbc(*key, envelope.iv, sealed);
    if (!mail) return fail(errc::invalid, "the key that KMS unwrapped does not open it: it is damaged");
    return std::move(*mail);
}

std::string refusal_of_kms(const channel::inquiry_answer& unwrapped) {
    const auto parsed = json::document::parse(unwrapped.body);
    if (!parsed) return {};
    const auto kind = (*parsed)["__type"].text();
    auto said = (*parsed)["message"].text();
    if (said.empty()) said = (*parsed)["Message"].text();
    auto whole = std::string(kind) + (kind.empty() || said.empty() ? "" : ": ") + std::string(said);
    if (whole.size() > longest_refusal) whole = to_utf8(whole.substr(0, longest_refusal));
    return whole;
}

}  // namespace kindred::connectors::ses_sns
