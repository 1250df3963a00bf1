#include "connectors/mime/compose.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::mime {
namespace {

constexpr std::size_t longest_quoted_line = 76;
constexpr std::size_t bytes_per_word = 42;  // 56 digits of base64 and 12 of markup stay under 75 (RFC 2047 section 2)
constexpr std::size_t most_references = 20;
constexpr std::size_t folded_at = 76;

bool is_printable_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// One line of well-formed UTF-8: line breaks and other control characters become spaces.
std::string one_line(std::string_view text) {
    auto line = to_utf8(text);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return std::string(trim(line));
}

/// An address or id that can end neither its brackets nor its line.
std::string one_token(std::string_view text) {
    std::string token;
    for (const char c : text)
        if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '<' && c != '>' && c != ',') token.push_back(c);
    return token;
}

/// The longest beginning of at most `size` bytes that does not cut a character.
std::size_t whole_characters(std::string_view text, std::size_t size) {
    if (size >= text.size()) return text.size();
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80) --size;
    return size;
}

std::string quoted_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted.push_back('\\');
        quoted.push_back(c);
    }
    return quoted + "\"";
}

std::string mailbox_text(std::string_view name, std::string_view email) {
    const auto clean = one_line(name);
    auto address = "<" + one_token(email) + ">";
    if (clean.empty()) return address;
    return (is_printable_ascii(clean) ? quoted_string(clean) : encode_header(clean)) + " " + address;
}

void add_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void add_ids(std::string& out, std::string_view name, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    out.append(name).append(":");
    std::size_t width = name.size() + 1;
    for (const auto& id : ids) {
        const auto clean = "<" + one_token(id) + ">";
        const bool fold = width + clean.size() + 1 > folded_at && width > name.size() + 1;
        out.append(fold ? "\r\n " : " ").append(clean);
        width = (fold ? 0 : width) + clean.size() + 1;
    }
    out.append("\r\n");
}

void append_hex(std::string& out, unsigned char byte) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    out.push_back('=');
    out.push_back(digits[byte >> 4U]);
    out.push_back(digits[byte & 15U]);
}

void append_quoted_printable(std::string& out, std::string_view line) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto byte = static_cast<unsigned char>(line[i]);
        const bool last = i + 1 == line.size();
        const bool blank_end = last && (byte == ' ' || byte == '\t');
        const bool first_dot = width == 0 && byte == '.';  // a relay that forgets to stuff dots would end here
        const bool from_line = width == 0 && line.substr(i).starts_with("From ");  // and one would write ">From"
        const bool plain =
            (byte == '\t' || (byte >= 0x20 && byte < 0x7F && byte != '=')) && !blank_end && !first_dot && !from_line;
        const std::size_t needed = plain ? 1 : 3;
        if (width + needed > longest_quoted_line - 1) {
            out.append("=\r\n");
            width = 0;
        }
        if (plain)
            out.push_back(line[i]);
        else
            append_hex(out, byte);
        width += needed;
    }
}

void append_body(std::string& out, std::string_view text) {
    const auto clean = to_utf8(text);
    for (auto line : split(clean, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        append_quoted_printable(out, line);
        out.append("\r\n");
    }
}

/// RFC 2047, in lines of one word each.
std::string encoded_words(std::string_view text) {
    std::string encoded;
    while (!text.empty()) {
        const auto size = whole_characters(text, bytes_per_word);
        if (!encoded.empty()) encoded += "\r\n ";
        encoded += "=?UTF-8?B?" + to_base64(text.substr(0, size)) + "?=";
        text.remove_prefix(size);
    }
    return encoded;
}

void append_text_part(std::string& out, std::string_view text) {
    add_header(out, "Content-Type", "text/plain; charset=UTF-8");
    add_header(out, "Content-Transfer-Encoding", "quoted-printable");
    out.append("\r\n");
    append_body(out, text);
}

/// "a/b", both RFC 2045 tokens; messages and multiparts may not be encoded, so they travel as bytes of no kind.
std::string clean_type(std::string_view type) {
    const auto slash = type.find('/');
    const bool plain = std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/!#$&-^_.+").find(c) != std::string_view::npos;
    });
    const bool sound = plain && slash != std::string_view::npos && slash > 0 &&
                       type.find('/', slash + 1) == type.npos && slash + 1 < type.size() && type.size() <= 120;
    if (!sound || type.starts_with("message/") || type.starts_with("multipart/")) return "application/octet-stream";
    return std::string(type);
}

/// A name that is no path and has no line break.
std::string clean_name(std::string_view name) {
    auto plain = one_line(name.substr(0, whole_characters(name, 200)));
    std::replace(plain.begin(), plain.end(), '/', '_');
    std::replace(plain.begin(), plain.end(), '\\', '_');
    return plain.empty() ? "file" : plain;
}

void append_file_part(std::string& out, const channel::outgoing_file& file) {
    constexpr std::size_t bytes_per_line = 57;  // 76 digits of base64
    const auto name = clean_name(file.name);
    // Not both forms of one parameter: readers differ in which they take. Older ones look at the type's.
    if (is_printable_ascii(name) && name.find('"') == std::string::npos) {
        add_header(out, "Content-Type", clean_type(file.type));
        add_header(out, "Content-Disposition", "attachment; filename=\"" + name + '"');
    } else {
        add_header(out, "Content-Type", clean_type(file.type) + ";\r\n name=\"" + encoded_words(name) + '"');
        add_header(out, "Content-Disposition", "attachment;\r\n filename*=UTF-8''" + encode_percent(name));
    }
    add_header(out, "Content-Transfer-Encoding", "base64");
    out.append("\r\n");
    out.reserve(out.size() + file.content.size() * 7 / 5 + 1024);
    for (std::string_view rest = file.content; !rest.empty(); rest.remove_prefix(std::min(rest.size(), bytes_per_line)))
        out.append(to_base64(rest.substr(0, bytes_per_line))).append("\r\n");
}

}  // namespace

std::string encode_header(std::string_view text) {
    auto clean = one_line(text);
    if (is_printable_ascii(clean) && clean.size() < 800 && clean.find("=?") == std::string::npos) return clean;
    return encoded_words(clean);
}

std::string subject_of(const channel::outgoing& message) {
    const auto subject = message.first ? std::string(trim(one_line(message.subject))) : reply_subject(message.subject);
    return message.automatic ? "Auto: " + subject : subject;
}

std::string reply_subject(std::string_view subject) {
    static constexpr std::array<std::string_view, 12> prefixes = {
        "re:", "aw:", "sv:", "antw:", "rif:", "vs:", "res:", "odp:", "antwort:", "re[", "re :", "ynt:"};
    const auto clean = one_line(subject);
    const auto lower = to_lower_ascii(clean);
    const bool answered =
        std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view each) { return lower.starts_with(each); });
    return answered ? clean : std::string(trim("Re: " + clean));
}

std::vector<std::string> reply_references(const std::vector<std::string>& of_parent, std::string_view parent) {
    std::vector<std::string> ids;
    for (const auto& each : of_parent)
        if (each != parent && !each.empty()) ids.push_back(each);
    if (!parent.empty()) ids.emplace_back(parent);
    if (ids.size() > most_references)
        ids.erase(ids.begin() + 1, ids.begin() + static_cast<std::ptrdiff_t>(ids.size() - most_references + 1));
    return ids;
}

std::string compose(const draft& mail) {
    std::string out;
    out.reserve(mail.text.size() * 5 / 4 + 1024);
    add_header(out, "From", mailbox_text(mail.from_name, mail.from));
    add_header(out, "To", mailbox_text({}, mail.to));
    if (!mail.reply_to.empty()) add_header(out, "Reply-To", mailbox_text(mail.from_name, mail.reply_to));
    add_header(out, "Subject", encode_header(mail.subject));
    add_header(out, "Date", to_mail_date(mail.at));
    add_ids(out, "Message-ID", {mail.message_id});
    if (!mail.in_reply_to.empty()) add_ids(out, "In-Reply-To", {mail.in_reply_to});
    add_ids(out, "References", mail.references);
    if (mail.automatic) {
        add_header(out, "Auto-Submitted", "auto-replied");
        add_header(out, "X-Auto-Response-Suppress", "All");
        add_header(out, "Precedence", "auto_reply");
    }
    add_header(out, "MIME-Version", "1.0");
    if (mail.files.empty()) {
        append_text_part(out, mail.text);
        return out;
    }
    // "=_" stands in no quoted-printable text and in no base64.
    const auto boundary = "=_" + channel::sha256_hex(mail.message_id + '\n' + mail.text).substr(0, 32);
    add_header(out, "Content-Type", "multipart/mixed; boundary=\"" + boundary + "\"");
    out.append("\r\n--").append(boundary).append("\r\n");
    append_text_part(out, mail.text);
    for (const auto& file : mail.files) {
        out.append("--").append(boundary).append("\r\n");
        append_file_part(out, file);
    }
    out.append("--").append(boundary).append("--\r\n");
    return out;
}

}  // namespace kindred::connectors::mime
