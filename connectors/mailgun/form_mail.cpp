#include "connectors/mailgun/form_mail.hpp"

#include "connectors/mime/parted_mail.hpp"
#include "engine/base/json.hpp"

#include <map>
#include <string>

namespace kindred::connectors::mailgun {
namespace {

constexpr std::string_view attachment_prefix = "attachment-";

result<std::vector<std::pair<std::string, std::string>>> headers_of(const channel::form& fields) {
    std::vector<std::pair<std::string, std::string>> headers;
    if (const auto list = fields["message-headers"]; !list.empty()) {
        const auto parsed = json::document::parse(list);
        if (!parsed || !parsed->root().is_array()) return fail(errc::invalid, "message-headers: wants a JSON list");
        parsed->root().for_each([&](json::value pair) { headers.emplace_back(pair.at(0).text(), pair.at(1).text()); });
    } else {
        headers.emplace_back("From", fields.has("from") ? fields["from"] : fields["sender"]);
        headers.emplace_back("Subject", fields["subject"]);
    }
    return headers;
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
    auto headers = headers_of(fields);
    if (!headers) return headers.error();
    mime::parted_mail parts;
    parts.headers = std::move(*headers);
    parts.text = fields["body-plain"];
    parts.html = fields["body-html"];
    if (fields.has("stripped-text")) parts.stripped_text = std::string(fields["stripped-text"]);
    parts.attachments = attachments_of(delivered);
    add_stored(fields, parts.attachments);
    return mime::put_together(std::move(parts));
}

}  // namespace kindred::connectors::mailgun
