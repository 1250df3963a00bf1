#include "connectors/mime/parted_mail.hpp"

#include "connectors/mime/html_text.hpp"
#include "connectors/mime/quoted_reply.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"

#include <map>

namespace kindred::connectors::mime {
namespace {

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

std::string digest_of(const parted_mail& parts) {
    std::string all(parts.text);
    all.append(1, '\0').append(parts.html);
    for (const auto& file : parts.attachments)
        all.append(1, '\0').append(file.name).append(1, '\0').append(channel::sha256_hex(file.content));
    return channel::sha256_hex(all).substr(0, 32);
}

}  // namespace

result<message> put_together(parted_mail parts) {
    std::string raw;
    for (const auto& [name, value] : parts.headers) append_header(raw, name, value);
    raw += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    auto mail = parse(raw);
    if (!mail) return mail.error();
    mail->body_digest = digest_of(parts);
    mail->text = std::move(parts.text);
    if (mail->text.empty() && !parts.html.empty()) mail->text = text_of_html(parts.html).value_or(std::string());
    mail->stripped_text = parts.stripped_text ? std::move(*parts.stripped_text) : without_quoted_reply(mail->text);
    mail->attachments = std::move(parts.attachments);
    return mail;
}

std::vector<std::pair<std::string, std::string>> header_lines(std::string_view block) {
    std::vector<std::pair<std::string, std::string>> headers;
    for (auto line : split(block, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        if (line.front() == ' ' || line.front() == '\t') {
            if (!headers.empty()) headers.back().second.append(1, ' ').append(trim(line));
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) continue;
        headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
    return headers;
}

void add_inline_files(channel::record& made) {
    std::map<std::string_view, std::string_view> names;
    for (const auto& file : made.attachments)
        if (!file.inline_id.empty()) names.emplace(file.inline_id, file.name);
    if (names.empty()) return;
    json::writer out;
    out.begin_object();
    for (const auto& [id, name] : names) out.member(id, name);
    made.add_detail("inline", out.end_object().take());
}

}  // namespace kindred::connectors::mime
