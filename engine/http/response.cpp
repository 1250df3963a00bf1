#include "engine/http/response.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kindred::http {
namespace {

bool is_token_letter(char letter) {
    if ((letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))
        return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string_view::npos;
}

bool is_server_header(std::string_view name) {
    return equal_ignoring_case(name, "content-length") || equal_ignoring_case(name, "transfer-encoding") ||
           equal_ignoring_case(name, "connection") || equal_ignoring_case(name, "date");
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// Interim statuses are the server's own business, and others do not exist.
bool is_final(unsigned status) { return status >= 200 && status < 600; }

/// RFC 9110 section 8.6: no Content-Length with 204; 304 may leave it out.
bool has_length(unsigned status) { return status != 204 && status != 304; }

}  // namespace

response::response(unsigned status, std::string body, std::string_view content_type)
    : status_(status), content_type_(content_type), body_(std::move(body)) {
    if (!is_final(status) || !is_safe_header("Content-Type", content_type)) refuse();
}

response response::empty(unsigned status) {
    response made;
    made.status_ = status;
    if (!is_final(status)) made.refuse();
    return made;
}

response& response::header(std::string_view name, std::string_view value) {
    if (refused_) return *this;
    if (is_safe_header(name, value) && !is_server_header(name)) {
        headers_.emplace_back(name, value);
    } else {
        refuse();
    }
    return *this;
}

response& response::close() {
    close_ = true;
    return *this;
}

void response::refuse() {
    refused_ = true;
    status_ = 500;
    content_type_.clear();
    body_.clear();
    headers_.clear();
}

bool is_safe_header(std::string_view name, std::string_view value) {
    const bool is_token = !name.empty() && std::ranges::all_of(name, is_token_letter);
    return is_token && value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string_view reason_phrase(unsigned status) {
    switch (status) {
        case 100: return "Continue";
        case 101: return "Switching Protocols";
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 425: return "Too Early";
        case 426: return "Upgrade Required";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        default: return "Status";
    }
}

void append_response(std::string& out, const response& answer, const response_form& form) {
    // Always 1.1: the version says what the server can speak, the Connection header what happens next.
    out.append("HTTP/1.1 ");
    append_number(out, answer.status());
    out.append(" ").append(reason_phrase(answer.status())).append("\r\n");
    append_field(out, "Date", form.date);
    if (!answer.content_type().empty()) append_field(out, "Content-Type", answer.content_type());
    for (const auto& [name, value] : answer.headers()) append_field(out, name, value);
    if (has_length(answer.status())) {
        out.append("Content-Length: ");
        append_number(out, answer.body().size());
        out.append("\r\n");
    }
    if (!form.keep_alive || answer.closes()) {
        out.append("Connection: close\r\n");
    } else if (form.http_1_0) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
    if (!form.head && has_length(answer.status())) out.append(answer.body());
}

}  // namespace kindred::http
