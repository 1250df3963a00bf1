#include "connectors/mime/answer_mail.hpp"

#include "connectors/mime/compose.hpp"
#include "connectors/mime/reply_token.hpp"
#include "connectors/mime/spam.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/domain/identity.hpp"

namespace kindred::connectors::mime {
namespace {

constexpr std::size_t longest_text = 1U << 20U;
constexpr std::size_t longest_local_part = 64;  // RFC 5321 section 4.5.3.1.1
constexpr std::size_t least_secret = 16;

void check_address(channel::options& settings, std::string_view name, const std::string& address) {
    if (!address.empty() && !fold_email(address))
        settings.complain(name, "wants a mail address such as help@example.com, not \"" + address + "\"");
}

/// One address: providers read their `to` as a list.
bool is_one_address(std::string_view address) {
    return fold_email(address) && address.find_first_of(",;:\"") == std::string_view::npos;
}

std::string one_line(std::string_view value) {
    std::string line(value);
    for (auto& letter : line)
        if (static_cast<unsigned char>(letter) < 0x20) letter = ' ';
    return line;
}

/// Makes the answer to this mail find its ticket.
void sign(const sender& ours, const channel::outgoing& message, answer_mail& mail) {
    const auto domain = mail.from.substr(mail.from.rfind('@') + 1);
    if (ours.reply_secrets.empty() || message.ticket.empty()) {
        mail.message_id = '<' + channel::sha256_hex(message.idempotency_key).substr(0, 32) + '@' + domain + '>';
        return;
    }
    const auto& secret = ours.reply_secrets.front();
    mail.message_id = make_message_id(secret, message.ticket, message.from, message.idempotency_key, domain);
    auto address = with_plus_part(mail.from, make_reply_token(secret, message.ticket, message.from));
    if (address.rfind('@') <= longest_local_part) mail.reply_to = std::move(address);
}

}  // namespace

sender sender_in(channel::options& settings) {
    sender read;
    read.address = settings.text("address");
    read.from_name = settings.text("from_name");
    read.reply_secrets = settings.secrets("reply_secret");
    check_address(settings, "address", read.address);
    for (const auto& secret : read.reply_secrets)
        if (secret.size() < least_secret)
            settings.complain("reply_secret", "wants at least 16 characters: answers are found by what it signs");
    return read;
}

mailbox mailbox_in(channel::options& settings, const sender& ours) {
    mailbox read;
    read.addresses = settings.list("addresses");
    for (const auto& each : read.addresses) check_address(settings, "addresses", each);
    if (!ours.address.empty()) read.addresses.insert(read.addresses.begin(), ours.address);
    read.reply_secrets = ours.reply_secrets;
    read.authentication_server = settings.text("authentication_server");
    read.ignores_spam = ignores_spam(settings);
    return read;
}

std::vector<channel::header> answer_mail::headers() const {
    std::vector<channel::header> all;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) all.emplace_back(name, one_line(value));
    };
    std::string joined;
    for (const auto& id : references) joined += (joined.empty() ? "" : " ") + id;
    add("Message-Id", message_id);
    add("In-Reply-To", in_reply_to);
    add("References", joined);
    if (!automatic) return all;
    add("Auto-Submitted", "auto-replied");
    add("X-Auto-Response-Suppress", "All");
    add("Precedence", "auto_reply");
    return all;
}

result<answer_mail> answer_to(const sender& ours, const channel::outgoing& message, std::string_view provider) {
    if (!is_one_address(message.from)) return fail(errc::invalid, "the contact has no mail address to answer");
    answer_mail mail;
    mail.from = ours.address.empty() ? without_plus_part(message.to) : ours.address;
    if (!is_one_address(mail.from))
        return fail(errc::invalid, std::string(provider) + " cannot send: set address to where mail comes from");
    if (trim(message.text).empty()) return fail(errc::invalid, "an empty mail says nothing");
    if (message.text.size() > longest_text) return fail(errc::invalid, "the text is longer than 1 MiB");
    mail.from_name = one_line(ours.from_name);
    mail.to = message.from;
    mail.subject = one_line(subject_of(message));
    mail.text = message.text;
    mail.in_reply_to = message.provider_message_id;
    mail.references = reply_references(message.references, message.provider_message_id);
    mail.automatic = message.automatic;
    sign(ours, message, mail);
    return mail;
}

channel::abilities mail_abilities(std::int64_t most_file_bytes) {
    channel::abilities made;
    made.files = true;
    made.files_travel_alone = false;
    made.most_file_bytes = most_file_bytes;
    return made;
}

std::string named_address(std::string_view name, std::string_view address) {
    if (name.empty()) return std::string(address);
    std::string quoted = "\"";
    for (const char letter : one_line(name)) {
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return quoted.append("\" <").append(address) + '>';
}

}  // namespace kindred::connectors::mime
