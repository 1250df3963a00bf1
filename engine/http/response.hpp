#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::http {

/// What goes back. Content-Length, Date and Connection are the server's business.
class response {
public:
    response() = default;
    explicit response(unsigned status, std::string body = {},
                      std::string_view content_type = "text/plain; charset=utf-8");
    static response json(unsigned status, std::string body) {
        return response(status, std::move(body), "application/json");
    }
    /// No body and no content type: 204, 304, redirects.
    static response empty(unsigned status);

    /// Adds a header. A name or value that could split the response (CR, LF, NUL, a name that is no token, or one that
    /// the server writes itself) turns the whole response into a bare 500: bad values never reach the wire.
    response& header(std::string_view name, std::string_view value);
    /// Ends the connection after this response.
    response& close();

    unsigned status() const { return status_; }
    const std::string& body() const { return body_; }
    const std::string& content_type() const { return content_type_; }
    const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }
    bool closes() const { return close_; }

private:
    void refuse();

    unsigned status_ = 200;
    bool close_ = false;
    bool refused_ = false;
    std::string content_type_;
    std::string body_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

/// The registered reason phrase, or "Status".
std::string_view reason_phrase(unsigned status);

/// How one response is written.
struct response_form {
    bool head = false;  ///< answers HEAD: the header alone, with the length of what GET would send
    bool keep_alive = true;
    bool http_1_0 = false;
    std::string_view date;  ///< the Date value
};

/// Appends the whole response, ready for the socket.
void append_response(std::string& out, const response& answer, const response_form& form);

/// Whether this may be written as a header field: no CR, LF or NUL in the value, and the name is a token (RFC 9110).
bool is_safe_header(std::string_view name, std::string_view value);

}  // namespace kindred::http
