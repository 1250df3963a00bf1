#include "engine/channel/multipart.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::channel {
namespace {

constexpr std::size_t longest_boundary = 70;
constexpr std::size_t most_parts = 1000;
constexpr std::size_t longest_head = 16U << 10U;

/// What browsers and HTTP libraries escape in names: quotes and line breaks, nothing else.
std::string unescaped(std::string text) {
    for (const auto& [escape, letter] : {std::pair{"%22", '"'}, std::pair{"%0D", '\r'}, std::pair{"%0A", '\n'}})
        for (std::size_t at = 0; (at = text.find(escape, at)) != std::string::npos; ++at)
            text.replace(at, 3, 1, letter);
    return text;
}

/// RFC 5987: charset'language'percent-encoded bytes; only UTF-8 is in use.
std::string extended_value(std::string_view text) {
    const auto first = text.find('\'');
    const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
    if (second == std::string_view::npos) return {};
    std::string escaped(text.substr(second + 1));
    for (std::size_t at = 0; (at = escaped.find('+', at)) != std::string::npos; at += 3) escaped.replace(at, 1, "%2B");
    return decode_percent(escaped);
}

std::string last_path_component(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    return to_utf8(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

void read_disposition(std::string_view value, form_part& part) {
    part.name = unescaped(parameter_of(value, "name"));
    const auto extended = extended_value(parameter_of(value, "filename*"));
    const auto plain = parameter_of(value, "filename");
    if (!extended.empty())
        part.filename = last_path_component(extended);
    else if (!plain.empty() || value.find("filename=") != std::string_view::npos)
        part.filename = last_path_component(unescaped(plain));
}

result<form_part> read_part(std::string_view head, std::string_view content) {
    form_part part;
    part.content = content;
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const auto line = head.substr(0, end);
        head = end == std::string_view::npos ? std::string_view{} : head.substr(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = trim(line.substr(0, colon));
        const auto value = trim(line.substr(colon + 1));
        if (equal_ignoring_case(name, "content-disposition")) read_disposition(value, part);
        if (equal_ignoring_case(name, "content-type")) part.type = value;
    }
    if (part.name.empty()) return fail(errc::invalid, "a part of the form has no name");
    return part;
}

}  // namespace

result<std::vector<form_part>> parse_multipart(std::string_view body, std::string_view boundary) {
    if (boundary.empty() || boundary.size() > longest_boundary)
        return fail(errc::invalid, "Content-Type: wants a boundary of 1 to 70 characters");
    const auto opening = "--" + std::string(boundary);
    const auto delimiter = "\r\n" + opening;
    std::size_t at = 0;
    if (!body.starts_with(opening)) {
        at = body.find(delimiter);
        if (at == std::string_view::npos) return fail(errc::invalid, "the form has no boundary");
        at += 2;
    }
    body.remove_prefix(at + opening.size());

    std::vector<form_part> parts;
    while (!body.starts_with("--")) {
        // Spaces may stand between a boundary and its line end.
        const auto line_end = body.find("\r\n");
        if (line_end == std::string_view::npos || !trim(body.substr(0, line_end)).empty())
            return fail(errc::invalid, "the form is cut off or its boundary is malformed");
        const auto part = body.substr(line_end + 2);
        const auto head_end = part.starts_with("\r\n") ? std::string_view::npos : part.find("\r\n\r\n");
        if (head_end == std::string_view::npos) return fail(errc::invalid, "a part of the form has no name");
        if (head_end > longest_head) return fail(errc::too_large, "a part of the form has too many headers");
        // From the line break that ends the head: in an empty part it may be the delimiter's own.
        const auto rest = part.substr(head_end + 2);
        const auto end = rest.find(delimiter);
        if (end == std::string_view::npos) return fail(errc::invalid, "the form is cut off: no closing boundary");
        if (parts.size() == most_parts) return fail(errc::too_large, "the form has over 1000 parts");
        auto read = read_part(part.substr(0, head_end), end < 2 ? std::string_view{} : rest.substr(2, end - 2));
        if (!read) return read.error();
        parts.push_back(std::move(*read));
        body = rest.substr(end + delimiter.size());
    }
    return parts;
}

multipart_writer::multipart_writer(std::string_view seed)
    : boundary_("kindred-" + sha256_hex("boundary " + std::string(seed)).substr(0, 40)) {}

namespace {

/// As the WHATWG HTML standard writes names: nothing in them ends the field or the line.
std::string escaped_name(std::string_view name) {
    std::string made;
    for (const char letter : name) {
        if (letter == '"')
            made += "%22";
        else if (letter == '\r')
            made += "%0D";
        else if (letter == '\n')
            made += "%0A";
        else
            made += letter;
    }
    return made;
}

}  // namespace

void multipart_writer::begin(std::string_view name) {
    body_ += "--" + boundary_ + "\r\nContent-Disposition: form-data; name=\"" + escaped_name(name) + '"';
}

void multipart_writer::add(std::string_view name, std::string_view value) {
    begin(name);
    body_ += "\r\n\r\n";
    body_ += value;
    body_ += "\r\n";
}

void multipart_writer::add_file(std::string_view name, std::string_view filename, std::string_view type,
                                std::string_view content) {
    begin(name);
    body_ += "; filename=\"" + escaped_name(filename.empty() ? "file" : filename) + "\"\r\nContent-Type: ";
    const bool one_line = !type.empty() && type.find_first_of("\r\n") == std::string_view::npos;
    body_ += one_line ? type : "application/octet-stream";
    body_ += "\r\n\r\n";
    body_ += content;
    body_ += "\r\n";
}

std::string multipart_writer::take() {
    body_ += "--" + boundary_ + "--\r\n";
    return std::move(body_);
}

}  // namespace kindred::channel
