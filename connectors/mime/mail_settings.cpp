#include "connectors/mime/mail_settings.hpp"

#include "connectors/mime/spam.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

constexpr std::size_t least_secret = 16;
constexpr std::int64_t least_size = 64LL << 10;
constexpr std::int64_t most_size = 200LL << 20;
constexpr std::int64_t usual_size = 25LL << 20;

void check_address(channel::options& given, std::string_view name, const std::string& address) {
    if (!fold_email(address))
        given.complain(name, "wants a mail address such as help@example.com, not \"" + address + "\"");
}

void read_addresses(channel::options& given, mail_settings& into) {
    into.address = given.text("address");
    if (!into.address.empty()) check_address(given, "address", into.address);
    for (auto& each : given.list("addresses")) {
        check_address(given, "addresses", each);
        into.ours.addresses.push_back(std::move(each));
    }
    auto& all = into.ours.addresses;
    if (!into.address.empty() && std::find(all.begin(), all.end(), into.address) == all.end())
        all.insert(all.begin(), into.address);
}

void read_secrets(channel::options& given, mail_settings& into) {
    into.ours.reply_secrets = given.secrets("reply_secret");
    for (const auto& each : into.ours.reply_secrets)
        if (each.size() < least_secret)
            given.complain("reply_secret", "wants at least 16 characters: answers are found by what it signs");
}

}  // namespace

mail_settings read_mail_settings(channel::options& given) {
    mail_settings read;
    read.channel = given.channel();
    read_addresses(given, read);
    read_secrets(given, read);
    read.submission = read_submission(given);
    read.allowed.message_bytes =
        static_cast<std::size_t>(given.number("max_message_bytes", usual_size, least_size, most_size));
    read.from_name = given.text("from_name");
    read.ours.authentication_server = given.text("authentication_server");
    read.ours.ignores_spam = ignores_spam(given);
    return read;
}

}  // namespace kindred::connectors::mime
