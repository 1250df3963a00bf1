#include "connectors/mailgun/form_mail.hpp"

#include "connectors/mime/html_text.hpp"
#include "connectors/mime/quoted_reply.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace kindred::connectors::mailgun {
namespace {

constexpr std::string_view attachment_prefix = "attachment-";

/// What describes the body as it travelled, which is not the body we were given.
bool describes_the_body(std::string_view header) {
    return to_lower_ascii(header).starts_with("content-") || equal_ignoring_case(header, "mime-version");
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    if (name.empty() || name.find_first_of(": \t\r\n") != std::string_view::npos || describes_the_body(name)) return;
    out.append(name).append(": ");
    // One line each: a line break in a value would begin a header of its own.
    for (const char letter : value) out += letter == '\r' || letter == '\n' ? ' ' : letter;
    out += "\r\n";
}

result<std::string> header_block(const channel::form& fields) {
    std::string out;
    if (const auto list = fields["message-headers"]; !list.empty()) {
        const auto parsed = json::document::parse(list);
        if (!parsed || !parsed->root().is_array()) return fail(errc::invalid, "message-headers: wants a JSON list");
        parsed->root().for_each([&](json::value pair) { append_header(out, pair.at(0).text(), pair.at(1).text()); });
    } else {
        append_header(out, "From", fields.has("from") ? fields["from"] : fields["sender"]);
        append_header(out, "Subject", fields["subject"]);
    }
    return out +=
           "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
}

/// The texts of a flat JSON object of texts, names and values in turn. Mailgun repeats keys in its content-id-map,
/// which a strict reader has to refuse.
std::vector<std::string> texts_in(std::string_view object) {
    std::vector<std::string> texts;
    for (std::size_t at = object.find('"'); at != std::string_view::npos; at = object.find('"', at)) {
        auto end = at + 1;
        while (end < object.size() && object[end] != '"') end += object[end] == '\\' ? 2 : 1;
        if (end >= object.size()) break;
        const auto parsed = json::document::parse(object.substr(at, end + 1 - at));
        texts.emplace_back(parsed ? parsed->root().text() : std::string_view{});
        at = end + 1;
    }
    return texts;
}

/// Content-IDs without brackets, by the name of the field that holds the file.
std::map<std::string, std::string, std::less<>> content_ids(const channel::form& fields) {
    std::map<std::string, std::string, std::less<>> ids;
    const auto texts = texts_in(fields["content-id-map"]);
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
        std::string_view id = texts[i];
        if (id.starts_with('<')) id.remove_prefix(1);
        if (id.ends_with('>')) id.remove_suffix(1);
        if (!id.empty()) ids.emplace(texts[i + 1], id);
    }
    return ids;
}

std::vector<channel::attachment> attachments_of(const route_form& delivered) {
    const auto ids = content_ids(delivered.fields);
    std::vector<channel::attachment> files;
    for (const auto& part : delivered.files) {
        channel::attachment file;
        file.name = part.filename.value_or("");
        file.type = part.type;
        file.size = static_cast<std::int64_t>(part.content.size());
        file.content = part.content;
        if (const auto id = ids.find(part.name); id != ids.end()) file.inline_id = id->second;
        files.push_back(std::move(file));
    }
    return files;
}

/// Files that Mailgun keeps for us (store()): only where they are.
void add_stored(const channel::form& fields, std::vector<channel::attachment>& files) {
    const auto parsed = json::document::parse(fields["attachments"]);
    if (!parsed) return;
    parsed->root().for_each([&](json::value each) {
        channel::attachment file;
        file.name = each["name"].text();
        file.type = each["content-type"].text();
        file.size = each["size"].integer().value_or(-1);
        file.url = each["url"].text();
        if (!file.url.empty()) files.push_back(std::move(file));
    });
}

std::string digest_of(const route_form& delivered) {
    std::string all(delivered.fields["body-plain"]);
    all.append(1, '\0').append(delivered.fields["body-html"]);
    for (const auto& part : delivered.files)
        all.append(1, '\0')
            .append(part.filename.value_or(""))
            .append(1, '\0')
            .append(channel::sha256_hex(part.content));
    return channel::sha256_hex(all).substr(0, 32);
}

}  // namespace

result<route_form> read_form(const channel::request& arrived) {
    const auto type = channel::media_type_of(arrived);
    if (type == channel::form_media_type) return route_form{channel::form::parse(arrived.body), {}};
    if (type != "multipart/form-data") return fail(errc::not_found, "Content-Type: wants a form");
    auto parts = channel::parse_multipart(
        arrived.body, channel::parameter_of(arrived.single_header("content-type").value_or(""), "boundary"));
    if (!parts) return parts.error();
    std::vector<form_field> fields;
    std::vector<channel::form_part> files;
    for (auto& part : *parts) {
        if (part.filename || part.name.starts_with(attachment_prefix)) {
            if (part.filename)
                files.push_back(std::move(part));
            else
                fields.push_back({part.name, std::string(part.content)});
        } else {
            fields.push_back({std::move(part.name), std::string(part.content)});
        }
    }
    return route_form{channel::form(std::move(fields)), std::move(files)};
}

result<mime::message> mail_of(const route_form& delivered) {
    const auto& fields = delivered.fields;
    auto raw = header_block(fields);
    if (!raw) return raw.error();
    auto mail = mime::parse(*raw);
    if (!mail) return mail.error();
    mail->text = fields["body-plain"];
    if (mail->text.empty() && !fields["body-html"].empty())
        mail->text = mime::text_of_html(fields["body-html"]).value_or(std::string());
    mail->stripped_text =
        fields.has("stripped-text") ? std::string(fields["stripped-text"]) : mime::without_quoted_reply(mail->text);
    mail->attachments = attachments_of(delivered);
    add_stored(fields, mail->attachments);
    mail->body_digest = digest_of(delivered);
    return mail;
}

}  // namespace kindred::connectors::mailgun
