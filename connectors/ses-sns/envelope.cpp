#include "connectors/ses-sns/envelope.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::ses_sns {
namespace {

constexpr std::array<std::string_view, 6> of_notification{"Message",   "MessageId", "Subject",
                                                          "Timestamp", "TopicArn",  "Type"};
constexpr std::array<std::string_view, 7> of_confirmation{"Message", "MessageId", "SubscribeURL", "Timestamp",
                                                          "Token",   "TopicArn",  "Type"};
constexpr std::size_t shortest_region = 3;

template <class Names>
result<std::string> joined(json::value envelope, const Names& names) {
    std::string text;
    for (const auto name : names) {
        const auto member = envelope[name];
        if (member.is_string())
            text.append(name).append(1, '\n').append(member.text()).append(1, '\n');
        else if (name != "Subject")
            return fail(errc::invalid, std::string(name) + ": is missing");
    }
    return text;
}

bool is_region(std::string_view text) {
    return text.size() >= shortest_region && std::all_of(text.begin(), text.end(), [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '-';
           });
}

}  // namespace

result<std::string> signed_text(json::value envelope) {
    const auto type = envelope["Type"].text();
    if (type == "Notification") return joined(envelope, of_notification);
    if (type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation")
        return joined(envelope, of_confirmation);
    return fail(errc::invalid, "Type: is none of SNS");
}

bool is_genuine(json::value envelope, std::string_view signed_text, const std::vector<public_key>& certificates) {
    const auto version = envelope["SignatureVersion"].text();
    const auto signature = from_base64(envelope["Signature"].text());
    if (!signature || (version != "1" && version != "2")) return false;
    const auto hashed = version == "1" ? hash_kind::sha1 : hash_kind::sha256;
    return std::any_of(certificates.begin(), certificates.end(),
                       [&](const public_key& each) { return each.verifies(signed_text, *signature, hashed); });
}

bool is_sns_name(std::string_view dns_name) {
    if (!dns_name.starts_with("sns.") && !dns_name.starts_with("sns-")) return false;
    return dns_name.ends_with(".amazonaws.com") || dns_name.ends_with(".amazonaws.com.cn");
}

bool is_sns_address(std::string_view address) {
    constexpr std::string_view scheme = "https://";
    constexpr std::string_view service = "sns.";
    if (!address.starts_with(scheme)) return false;
    address.remove_prefix(scheme.size());
    auto host = address.substr(0, address.find_first_of("/?#"));
    if (host.size() == address.size() || !host.starts_with(service)) return false;
    host.remove_prefix(service.size());
    for (const std::string_view domain : {".amazonaws.com", ".amazonaws.com.cn"})
        if (host.ends_with(domain)) return is_region(host.substr(0, host.size() - domain.size()));
    return false;
}

}  // namespace kindred::connectors::ses_sns
