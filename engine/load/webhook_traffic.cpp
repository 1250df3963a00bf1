#include "engine/load/webhook_traffic.hpp"

#include <algorithm>

namespace kindred::load {
namespace {

constexpr std::size_t message_digits = 12;
constexpr std::size_t customer_digits = 8;
constexpr std::size_t signature_digits = 64;
constexpr char message_mark = '\1';
constexpr char customer_mark = '\2';

/// The notification with a mark where each digit of the message's or the customer's number goes.
/// Shape: Meta, WhatsApp Business Platform, Cloud API, "Webhooks: received messages".
std::string marked_body(const traffic_origin& from) {
    const std::string message(message_digits, message_mark);
    const std::string customer(customer_digits, customer_mark);
    const std::string number = "4917" + customer;
    return R"({"object":"whatsapp_business_account","entry":[{"id":"1234567890987654321","changes":[{"value":)"
           R"({"messaging_product":"whatsapp","metadata":{"display_phone_number":"972123456789",)"
           R"("phone_number_id":"1122334455667"},"contacts":[{"profile":{"name":"Customer )" +
           customer + R"("},"wa_id":")" + number + R"("}],"messages":[{"from":")" + number + R"(","id":"wamid.)" +
           from.run + "." + message + R"(","timestamp":")" + std::to_string(from.sent_at) +
           R"(","text":{"body":"Where is my order )" + message +
           R"(? I bought the brass floor lamp and two spare bulbs from your spring collection, and the parcel should )"
           R"(have been here last Tuesday. The tracking page has been saying that it left the depot ever since, and )"
           R"(the courier tells me to ask you. We are moving on Saturday, so after that nobody will be at the old )"
           R"(address to take it in. Could you please find out where it is, and send it to the new address if it has )"
           R"(not left yet? If that cannot be done I would rather have my money back. Thank you!"},"type":"text"}]},)"
           R"("field":"messages"}]}]})";
}

}  // namespace

webhook_traffic::webhook_traffic(const target& to, const traffic_origin& from)
    : sign_(hash_kind::sha256, from.secret), customers_(std::max<std::uint32_t>(1, from.customers)) {
    const auto body = marked_body(from);
    request_ = "POST " + to.path + " HTTP/1.1\r\nHost: " + to.authority() +
               "\r\nContent-Type: application/json\r\nUser-Agent: facebookexternalua\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\nX-Hub-Signature-256: sha256=";
    signature_at_ = request_.size();
    request_ += std::string(signature_digits, '0') + "\r\n\r\n";
    body_at_ = request_.size();
    request_ += body;
    for (std::size_t at = body_at_; at < request_.size();) {
        const char mark = request_[at];
        const std::size_t digits = mark == message_mark ? message_digits : mark == customer_mark ? customer_digits : 0;
        if (digits > 0) (mark == message_mark ? message_places_ : customer_places_).push_back({at, digits});
        at += std::max<std::size_t>(1, digits);
    }
}

void webhook_traffic::write(const place& where, std::uint64_t number) {
    for (std::size_t at = where.at + where.digits; at > where.at; number /= 10)
        request_[--at] = static_cast<char>('0' + number % 10);
}

std::string_view webhook_traffic::compose(std::uint64_t number) {
    for (const auto& each : message_places_) write(each, number);
    for (const auto& each : customer_places_) write(each, number % customers_);
    const auto signature = to_hex(sign_({std::string_view(request_).substr(body_at_)}));
    request_.replace(signature_at_, signature_digits, signature);
    return request_;
}

}  // namespace kindred::load
