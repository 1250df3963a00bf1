#include "connectors/postmark/inbound_mail.hpp"

#include "connectors/mime/answer_mail.hpp"
#include "connectors/mime/compose.hpp"
#include "connectors/mime/parted_mail.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace kindred::connectors::postmark {
namespace {

using header_list = std::vector<std::pair<std::string, std::string>>;

std::string addresses_of(json::value list) {
    std::string all;
    list.for_each([&](json::value each) {
        const auto email = each["Email"].text();
        if (!email.empty()) all.append(all.empty() ? "" : ", ").append(mime::named_address(each["Name"].text(), email));
    });
    return all;
}

/// What stands in members of its own, and would be missing from the list of headers.
header_list own_headers(json::value delivered) {
    header_list headers;
    const auto add = [&](std::string_view name, std::string value) {
        if (!value.empty()) headers.emplace_back(name, std::move(value));
    };
    const auto from = delivered["FromFull"];
    add("From", from.is_object() ? mime::named_address(from["Name"].text(), from["Email"].text())
                                 : std::string(delivered["From"].text()));
    add("To", addresses_of(delivered["ToFull"]));
    add("Cc", addresses_of(delivered["CcFull"]));
    add("Reply-To", std::string(delivered["ReplyTo"].text()));
    add("Subject", mime::encode_header(delivered["Subject"].text()));
    add("Date", std::string(delivered["Date"].text()));
    return headers;
}

bool is_among(const header_list& headers, std::string_view name) {
    return std::any_of(headers.begin(), headers.end(),
                       [&](const auto& each) { return equal_ignoring_case(each.first, name); });
}

header_list headers_of(json::value delivered) {
    auto headers = own_headers(delivered);
    const auto own = headers;
    delivered["Headers"].for_each([&](json::value each) {
        const auto name = each["Name"].text();
        // The envelope's sender is Postmark's first Return-Path; others came with the mail.
        if (!is_among(own, name) && !equal_ignoring_case(name, "return-path"))
            headers.emplace_back(name, each["Value"].text());
    });
    return headers;
}

std::vector<channel::attachment> attachments_of(json::value delivered) {
    std::vector<channel::attachment> files;
    delivered["Attachments"].for_each([&](json::value each) {
        channel::attachment file;
        file.name = each["Name"].text();
        file.type = each["ContentType"].text();
        std::string_view id = each["ContentID"].text();
        if (id.starts_with('<')) id.remove_prefix(1);
        if (id.ends_with('>')) id.remove_suffix(1);
        file.inline_id = id;
        // The payload of the "Check" button says Data.
        const auto encoded = each["Content"].is_string() ? each["Content"].text() : each["Data"].text();
        file.content = from_base64(encoded).value_or(std::string());
        file.size = file.content.empty() ? each["ContentLength"].integer().value_or(-1)
                                         : static_cast<std::int64_t>(file.content.size());
        files.push_back(std::move(file));
    });
    return files;
}

result<mime::message> mail_of(json::value delivered) {
    if (const auto raw = delivered["RawEmail"].text(); !raw.empty()) return mime::parse(raw);
    mime::parted_mail parts;
    parts.headers = headers_of(delivered);
    parts.text = delivered["TextBody"].text();
    parts.html = delivered["HtmlBody"].text();
    if (const auto stripped = delivered["StrippedTextReply"].text(); !stripped.empty())
        parts.stripped_text = std::string(stripped);
    parts.attachments = attachments_of(delivered);
    return mime::put_together(std::move(parts));
}

mime::envelope envelope_of(json::value delivered) {
    mime::envelope travelled;
    delivered["Headers"].for_each([&](json::value each) {
        if (travelled.from || !equal_ignoring_case(each["Name"].text(), "return-path")) return;
        std::string_view path = trim(each["Value"].text());
        if (path.starts_with('<')) path.remove_prefix(1);
        if (path.ends_with('>')) path.remove_suffix(1);
        travelled.from = std::string(path);
    });
    if (const auto recipient = delivered["OriginalRecipient"].text(); !recipient.empty())
        travelled.to.emplace_back(recipient);
    return travelled;
}

}  // namespace

result<channel::record> parse_mail(json::value delivered, const mime::mailbox& ours) {
    auto mail = mail_of(delivered);
    if (!mail) return mail.error();
    if (mail->from.empty() && mail->message_id.empty() && mail->text.empty() && delivered["MessageID"].text().empty())
        return fail(errc::invalid, "the body: is neither a mail nor a known event");
    auto made = mime::to_record(std::move(*mail), envelope_of(delivered), ours);
    // Postmark's own number of the mail: the same on every attempt to deliver it.
    if (const auto id = delivered["MessageID"].text(); !id.empty() && id.size() <= 100) made.event_id = id;
    mime::add_inline_files(made);
    if (const auto hash = delivered["MailboxHash"].text(); !hash.empty())
        made.add_detail("mailbox_hash", json::literal(hash));
    if (const auto stream = delivered["MessageStream"].text(); !stream.empty())
        made.add_detail("message_stream", json::literal(stream));
    return made;
}

}  // namespace kindred::connectors::postmark
