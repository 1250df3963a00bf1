#include "connectors/mime/body.hpp"

#include "connectors/mime/charset.hpp"
#include "connectors/mime/encoded_words.hpp"
#include "connectors/mime/flowed.hpp"
#include "connectors/mime/header_fields.hpp"
#include "connectors/mime/html_text.hpp"
#include "connectors/mime/report.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

constexpr std::size_t longest_name = 255;

std::string_view text_or_empty(const char* text) {
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

std::string media_type(GMimeObject* part) {
    auto* const type = g_mime_object_get_content_type(part);
    if (type == nullptr) return "text/plain";
    auto name = std::string(text_or_empty(g_mime_content_type_get_media_type(type)));
    name += "/";
    name += text_or_empty(g_mime_content_type_get_media_subtype(type));
    return to_lower_ascii(to_utf8(name));
}

std::string parameter(GMimeObject* part, const char* name) {
    return std::string(text_or_empty(g_mime_object_get_content_type_parameter(part, name)));
}

/// The encoded bytes of a part where they lie in the message: nothing is copied.
std::string_view encoded_bytes(GMimePart* part) {
    auto* const content = g_mime_part_get_content(part);
    auto* const stream = content == nullptr ? nullptr : g_mime_data_wrapper_get_stream(content);
    if (stream == nullptr || !GMIME_IS_STREAM_MEM(stream)) return {};
    const auto* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    if (bytes == nullptr) return {};
    const gint64 size = bytes->len;
    const gint64 start = std::clamp<gint64>(stream->bound_start, 0, size);
    const gint64 end = stream->bound_end < 0 ? size : std::clamp<gint64>(stream->bound_end, start, size);
    return {reinterpret_cast<const char*>(bytes->data) + start, static_cast<std::size_t>(end - start)};
}

/// What follows the line "begin 644 name" of uuencoded data.
std::string_view after_begin_line(std::string_view encoded) {
    const auto begin = encoded.starts_with("begin ") ? 0 : encoded.find("\nbegin ");
    const auto end = begin == std::string_view::npos ? begin : encoded.find('\n', begin + 1);
    return end == std::string_view::npos ? std::string_view{} : encoded.substr(end + 1);
}

std::string decoded_bytes(GMimePart* part) {
    auto encoded = encoded_bytes(part);
    const auto encoding = g_mime_part_get_content_encoding(part);
    const bool plain = encoding != GMIME_CONTENT_ENCODING_BASE64 &&
                       encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
                       encoding != GMIME_CONTENT_ENCODING_UUENCODE;
    if (plain) return std::string(encoded);
    if (encoding == GMIME_CONTENT_ENCODING_UUENCODE) encoded = after_begin_line(encoded);
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    std::string decoded(g_mime_encoding_outlen(&state, encoded.size()), '\0');
    decoded.resize(g_mime_encoding_flush(&state, encoded.data(), encoded.size(), decoded.data()));
    return decoded;
}

/// Only the name of a file: senders add folders, and some mean harm by it.
std::string file_name(std::string_view given) {
    auto name = decode_header(given);
    const auto folder = name.find_last_of("/\\");
    if (folder != std::string::npos) name.erase(0, folder + 1);
    if (name.size() > longest_name) name = to_utf8(std::string_view(name).substr(0, longest_name));
    return name == "." || name == ".." ? std::string() : name;
}

std::string content_id(GMimeObject* part) {
    auto id = trim(text_or_empty(g_mime_object_get_content_id(part)));
    if (id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
    return to_utf8(id.substr(0, longest_name));
}

bool is_attachment(GMimeObject* part) {
    auto* const disposition = g_mime_object_get_content_disposition(part);
    return disposition != nullptr &&
           equal_ignoring_case(text_or_empty(g_mime_content_disposition_get_disposition(disposition)), "attachment");
}

/// "\r\n" to "\n", and no control characters but tabs and line ends: logs, terminals and databases read this text.
std::string clean_text(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '\r') {
            if (i + 1 >= text.size() || text[i + 1] != '\n') clean.push_back('\n');
            continue;
        }
        if (c >= 0x20 ? c != 0x7F : c == '\n' || c == '\t') clean.push_back(text[i]);
    }
    return clean;
}

std::string bytes_of_message(GMimeMessagePart* part) {
    auto* const inner = g_mime_message_part_get_message(part);
    if (inner == nullptr) return {};
    const gmime_pointer<GMimeStream> counter(g_mime_stream_null_new());
    const auto size = g_mime_object_write_to_stream(GMIME_OBJECT(inner), nullptr, counter.get());
    const gmime_pointer<GMimeStream> memory(
        g_mime_stream_mem_new_with_byte_array(g_byte_array_sized_new(static_cast<guint>(std::max<gssize>(size, 0)))));
    g_mime_object_write_to_stream(GMIME_OBJECT(inner), nullptr, memory.get());
    const auto* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

class body_reader {
public:
    body_reader(const limits& allowed, message& into) : allowed_(allowed), into_(into) {}

    result<void> read(GMimeObject* part, std::size_t depth) {
        if (++parts_ > allowed_.parts)
            return fail(errc::invalid, "the message has more than " + std::to_string(allowed_.parts) + " parts");
        if (depth > allowed_.depth)
            return fail(errc::invalid, "the message nests deeper than " + std::to_string(allowed_.depth) + " levels");
        if (GMIME_IS_MULTIPART(part)) return read_multipart(GMIME_MULTIPART(part), depth);
        if (GMIME_IS_MESSAGE_PART(part))
            read_message(GMIME_MESSAGE_PART(part));
        else if (GMIME_IS_PART(part))
            read_leaf(GMIME_PART(part));
        return {};
    }

private:
    result<void> read_multipart(GMimeMultipart* parent, std::size_t depth) {
        const auto type = media_type(GMIME_OBJECT(parent));
        if (type == "multipart/report" && into_.report_type.empty()) {
            into_.report_type = to_lower_ascii(trim(parameter(GMIME_OBJECT(parent), "report-type")));
            in_report_ = true;
        }
        if (type == "multipart/alternative") return read_alternative(parent, depth);
        const int count = g_mime_multipart_get_count(parent);
        for (int i = 0; i < count; ++i) {
            auto outcome = read(g_mime_multipart_get_part(parent, i), depth + 1);
            if (!outcome) return outcome;
        }
        return {};
    }

    /// Of the versions of one text the plain one counts, unless it is empty; files in between are all kept.
    result<void> read_alternative(GMimeMultipart* parent, std::size_t depth) {
        std::string before = std::move(into_.text);
        std::string plain;
        std::string other;
        const int count = g_mime_multipart_get_count(parent);
        for (int i = 0; i < count; ++i) {
            auto* const child = g_mime_multipart_get_part(parent, i);
            into_.text.clear();
            auto outcome = read(child, depth + 1);
            if (!outcome) return outcome;
            auto& version = media_type(child) == "text/plain" ? plain : other;
            if (trim(version).empty()) version = std::move(into_.text);
        }
        into_.text = std::move(before);
        append_text(trim(plain).empty() ? std::move(other) : std::move(plain));
        return {};
    }

    void read_message(GMimeMessagePart* part) {
        auto* const object = GMIME_OBJECT(part);
        if (in_report_ && into_.returned_message_id.empty()) {
            auto* const inner = g_mime_message_part_get_message(part);
            const auto* const header =
                inner == nullptr ? nullptr : g_mime_object_get_header(GMIME_OBJECT(inner), "Message-Id");
            const auto ids = message_ids(text_or_empty(header));
            if (!ids.empty()) into_.returned_message_id = ids.front();
        }
        auto name = parameter(object, "name");
        if (name.empty()) name = text_or_empty(g_mime_object_get_content_disposition_parameter(object, "filename"));
        attach(object, file_name(name), bytes_of_message(part));
    }

    void read_leaf(GMimePart* part) {
        auto* const object = GMIME_OBJECT(part);
        const auto type = media_type(object);
        if (type == "message/delivery-status" || type == "message/global-delivery-status")
            return read_status(decoded_bytes(part));
        if (type == "message/feedback-report") return;
        if (type == "text/rfc822-headers" && in_report_) {
            if (into_.returned_message_id.empty())
                into_.returned_message_id = message_id_in_headers(decoded_bytes(part));
            return;
        }
        const auto name = file_name(text_or_empty(g_mime_part_get_filename(part)));
        const bool inline_text = name.empty() && !is_attachment(object);
        if (inline_text && type == "text/plain") return read_plain(part);
        if (inline_text && type == "text/html" && read_html(part)) return;
        if (inline_text && type == "application/octet-stream" && encoded_bytes(part).empty()) return;
        attach(object, name, decoded_bytes(part));
    }

    /// Some servers put their explanation into a part of this type.
    void read_status(const std::string& content) {
        const auto before = into_.results.size();
        read_delivery_status(content, into_);
        if (into_.results.size() == before) append_text(clean_text(to_utf8(content)));
    }

    void read_plain(GMimePart* part) {
        auto* const object = GMIME_OBJECT(part);
        auto text = clean_text(decode_charset(decoded_bytes(part), parameter(object, "charset")));
        if (equal_ignoring_case(parameter(object, "format"), "flowed"))
            text = unflow(text, equal_ignoring_case(parameter(object, "delsp"), "yes"));
        append_text(std::move(text));
    }

    bool read_html(GMimePart* part) {
        if (encoded_bytes(part).size() > allowed_.html_bytes) return false;
        const auto html = clean_text(decode_charset(decoded_bytes(part), parameter(GMIME_OBJECT(part), "charset")));
        auto text = text_of_html(html);
        if (!text) return false;
        append_text(std::move(*text));
        return true;
    }

    void append_text(std::string text) {
        if (trim(text).empty()) return;
        if (trim(into_.text).empty()) {
            into_.text = std::move(text);
            return;
        }
        if (!into_.text.ends_with('\n')) into_.text.push_back('\n');
        into_.text += text;
    }

    void attach(GMimeObject* part, std::string name, std::string content) {
        channel::attachment file;
        file.name = std::move(name);
        file.type = media_type(part);
        file.size = static_cast<std::int64_t>(content.size());
        file.inline_id = content_id(part);
        file.content = std::move(content);
        into_.attachments.push_back(std::move(file));
    }

    const limits& allowed_;
    message& into_;
    std::size_t parts_ = 0;
    bool in_report_ = false;
};

}  // namespace

result<void> read_body(GMimeObject* root, const limits& allowed, message& into) {
    if (root == nullptr) return {};
    return body_reader(allowed, into).read(root, 0);
}

}  // namespace kindred::connectors::mime
