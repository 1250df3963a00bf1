#include "connectors/mime/mime.hpp"

#include "connectors/mime/automatic.hpp"
#include "connectors/mime/body.hpp"
#include "connectors/mime/encoded_words.hpp"
#include "connectors/mime/gmime_pointer.hpp"
#include "connectors/mime/header_fields.hpp"
#include "connectors/mime/quoted_reply.hpp"
#include "connectors/mime/report.hpp"
#include "connectors/mime/spam.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

std::string_view without_mbox_line(std::string_view raw) {
    if (!raw.starts_with("From ") && !raw.starts_with(">From ")) return raw;
    const auto end = raw.find('\n');
    return end == std::string_view::npos ? std::string_view{} : raw.substr(end + 1);
}

/// Where the headers end: at the first empty line, or with the message.
std::size_t header_size(std::string_view raw) {
    for (std::size_t at = 0; at < raw.size();) {
        const auto end = raw.find('\n', at);
        const auto line = raw.substr(at, end == std::string_view::npos ? end : end - at);
        if (line.empty() || line == "\r") return at;
        if (end == std::string_view::npos) break;
        at = end + 1;
    }
    return raw.size();
}

/// Lines that may separate parts. Counted before anything is built: each part costs far more memory than its line.
std::size_t boundary_like_lines(std::string_view raw) {
    std::size_t count = raw.starts_with("--") ? 1 : 0;
    for (auto at = raw.find("\n--"); at != std::string_view::npos; at = raw.find("\n--", at + 3)) ++count;
    return count;
}

/// A message over bytes that stay where they are; `raw` must outlive it.
class parsed_message {
public:
    explicit parsed_message(std::string_view raw) {
        // GMime only reads from a stream that it does not own; the cast is for its C signature.
        bytes_.data = reinterpret_cast<guint8*>(const_cast<char*>(raw.data()));
        bytes_.len = static_cast<guint>(raw.size());
        stream_.reset(g_mime_stream_mem_new());
        g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream_.get()), TRUE);
        g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream_.get()), &bytes_);
        g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream_.get()), FALSE);
        const gmime_pointer<GMimeParser> parser(g_mime_parser_new_with_stream(stream_.get()));
        g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
        g_mime_parser_set_persist_stream(parser.get(), TRUE);
        const gmime_options options(g_mime_parser_options_new());
        const char* fallbacks[] = {"utf-8", "windows-1252", nullptr};
        g_mime_parser_options_set_fallback_charsets(options.get(), fallbacks);
        message_.reset(g_mime_parser_construct_message(parser.get(), options.get()));
    }

    GMimeMessage* get() const { return message_.get(); }

private:
    GByteArray bytes_{};
    gmime_pointer<GMimeStream> stream_;
    gmime_pointer<GMimeMessage> message_;
};

header_fields read_headers(GMimeMessage* parsed) {
    header_fields headers;
    auto* const list = g_mime_object_get_header_list(GMIME_OBJECT(parsed));
    const int count = g_mime_header_list_get_count(list);
    for (int i = 0; i < count; ++i) {
        auto* const each = g_mime_header_list_get_header_at(list, i);
        const char* const value = g_mime_header_get_raw_value(each);
        headers.add(g_mime_header_get_name(each), value == nullptr ? "" : value);
    }
    return headers;
}

std::vector<std::string> emails_of(const header_fields& headers, std::string_view name) {
    std::vector<std::string> emails;
    for (const auto value : headers.all(name))
        for (auto& each : addresses(value)) emails.push_back(std::move(each.email));
    return emails;
}

void append(std::vector<std::string>& to, std::vector<std::string> more) {
    for (auto& each : more)
        if (std::find(to.begin(), to.end(), each) == to.end()) to.push_back(std::move(each));
}

void read_addresses(const header_fields& headers, message& into) {
    into.from = addresses(headers.first("from"));
    if (into.from.empty()) into.from = addresses(headers.first("sender"));
    for (const auto value : headers.all("to"))
        for (auto& each : addresses(value)) into.to.push_back(std::move(each));
    for (const auto value : headers.all("cc"))
        for (auto& each : addresses(value)) into.cc.push_back(std::move(each));
    into.reply_to = addresses(headers.first("reply-to"));
    for (const auto* name : {"delivered-to", "x-original-to", "envelope-to"})
        append(into.delivered_to, emails_of(headers, name));
    if (headers.has("return-path")) {
        const auto path = addresses(headers.first("return-path"));
        into.return_path = path.empty() ? std::string() : path.front().email;
    }
}

void read_threading(const header_fields& headers, message& into) {
    const auto own = message_ids(headers.first("message-id"));
    if (!own.empty()) into.message_id = own.front();
    const auto parents = message_ids(headers.first("in-reply-to"));
    if (!parents.empty()) into.in_reply_to = parents.front();
    for (const auto value : headers.all("references")) append(into.references, message_ids(value));
}

void read_headers_into(const header_fields& headers, message& into) {
    read_addresses(headers, into);
    read_threading(headers, into);
    into.subject = decode_header(headers.first("subject"));
    into.date = parse_mail_date(unfold(headers.first("date")));
    into.auto_submitted = auto_submitted(headers);
    into.list_id = list_id(headers.first("list-id"));
    into.spam = says_spam(headers);
    for (const auto value : headers.all("authentication-results"))
        into.authentication_results.push_back(to_utf8(unfold(value)));
}

}  // namespace

result<message> parse(std::string_view raw, const limits& allowed) {
    if (raw.size() > allowed.message_bytes)
        return fail(errc::too_large, "the message is larger than " + std::to_string(allowed.message_bytes) + " bytes");
    raw = without_mbox_line(raw);
    const auto header = header_size(raw);
    if (header > allowed.header_bytes)
        return fail(errc::too_large, "the headers are larger than " + std::to_string(allowed.header_bytes) + " bytes");
    // Plain text has such lines too: signatures, rules, patches.
    if (boundary_like_lines(raw) > allowed.parts * 10)
        return fail(errc::invalid, "the message has more than " + std::to_string(allowed.parts) + " parts");
    start_gmime();
    message read;
    read.body_digest = to_hex(std::string_view(reinterpret_cast<const char*>(sha256(raw.substr(header)).data()), 16));
    const parsed_message parsed(raw);
    if (parsed.get() == nullptr) return fail(errc::invalid, "there is no message: no header line could be read");
    const auto headers = read_headers(parsed.get());
    read_headers_into(headers, read);
    auto body = read_body(g_mime_message_get_mime_part(parsed.get()), allowed, read);
    if (!body) return body.error();
    if (read.report_type == "delivery-status")
        read.bounced = true;
    else if (read.report_type.empty())
        read_plain_bounce(headers.first("x-failed-recipients"), read);
    read.answer_automatically = may_answer_automatically(headers, read);
    while (read.text.ends_with('\n') || read.text.ends_with(' ')) read.text.pop_back();
    read.stripped_text = without_quoted_reply(read.text);
    return read;
}

}  // namespace kindred::connectors::mime
