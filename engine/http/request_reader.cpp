#include "engine/http/request_reader.hpp"

#include "engine/base/text.hpp"
#include "engine/http/chunk_reader.hpp"
#include "engine/http/header_gate.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace kindred::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

// The header stays at the front of the buffer until the request is done; what follows it is read behind it. So the
// buffer holds the largest header and leaves as much for the body, and the views into the header never move.
constexpr std::size_t buffer_bytes = 2 * most_header_bytes;
constexpr std::size_t least_body_step = 64U << 10U;
constexpr std::size_t most_body_step = 1U << 20U;
constexpr std::size_t body_kept_between_requests = 64U << 10U;

/// Beast's tokenizer for request lines and headers, writing views into the buffer instead of copying into a message.
class parser final : public beast::http::basic_parser<true> {
public:
    explicit parser(request& target) : request_(&target) {
        header_limit(most_header_bytes);
        body_limit(boost::none);
    }

private:
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                         error_code&) override {
        request_->method = {method.data(), method.size()};
        request_->target = {target.data(), target.size()};
        request_->http_1_0 = version == 10;
    }
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, error_code&) override {
        request_->headers.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
    }
    // The parser is given headers alone: what follows is never called.
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view bytes, error_code&) override { return bytes.size(); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
        return bytes.size();
    }
    void on_finish_impl(error_code&) override {}

    request* request_;
};

}  // namespace

class request_reader::impl {
public:
    impl() : buffer_(std::make_unique_for_overwrite<char[]>(buffer_bytes)) { parser_.emplace(request_); }

    std::span<char> space() {
        if (stage_ != stage::long_body) return {buffer_.get() + filled_, limit_of_buffer() - filled_};
        const std::size_t step = std::clamp(body_filled_, least_body_step, most_body_step);
        const std::size_t wanted = std::min<std::size_t>(framing_.length, body_filled_ + step);
        if (body_.size() < wanted) body_.resize(wanted);
        return {body_.data() + body_filled_, body_.size() - body_filled_};
    }

    void received(std::size_t size) { (stage_ == stage::long_body ? body_filled_ : filled_) += size; }

    progress advance() {
        switch (stage_) {
            case stage::head: return read_head();
            case stage::decision: return progress::head_complete;
            case stage::short_body: return read_short_body();
            case stage::long_body: return read_long_body();
            case stage::chunks: return read_chunks();
            case stage::complete: return progress::complete;
            case stage::refused: return progress::refused;
        }
        return progress::refused;
    }

    progress allow_body(std::size_t limit) {
        if (framing_.chunked) {
            chunks_ = chunk_reader(limit);
            stage_ = stage::chunks;
            return advance();
        }
        if (framing_.length > limit) return refuse(refusal::body_too_large);
        if (framing_.length <= buffer_bytes - head_end_) {
            stage_ = stage::short_body;
            return advance();
        }
        stage_ = stage::long_body;
        body_.assign(buffer_.get() + head_end_, filled_ - head_end_);
        body_filled_ = body_.size();
        filled_ = head_end_;
        return advance();
    }

    void next() {
        filled_ -= request_end_;
        std::memmove(buffer_.get(), buffer_.get() + request_end_, filled_);
        request_end_ = head_end_ = body_filled_ = 0;
        framing_ = {};
        const auto peer = request_.peer;
        auto headers = std::move(request_.headers);
        headers.clear();
        request_ = {};
        request_.headers = std::move(headers);
        request_.peer = peer;
        body_.clear();
        if (body_.capacity() > body_kept_between_requests) body_.shrink_to_fit();
        parser_.emplace(request_);
        stage_ = stage::head;
        line_may_be_empty_ = true;
    }

    refusal reason() const { return reason_; }
    request& current() { return request_; }
    bool begun() const { return filled_ > 0 || stage_ != stage::head; }
    bool has_body_begun() const { return filled_ > head_end_; }
    bool has_more() const { return filled_ > request_end_; }
    bool expects_continue() const { return framing_.expects_continue; }
    std::size_t buffered_bytes() const { return body_.capacity() > body_kept_between_requests ? body_.capacity() : 0; }

private:
    enum class stage { head = 1, decision, short_body, long_body, chunks, complete, refused };

    progress refuse(refusal why) {
        stage_ = stage::refused;
        reason_ = why;
        return progress::refused;
    }

    std::size_t limit_of_buffer() const { return stage_ == stage::head ? most_header_bytes : buffer_bytes; }

    /// RFC 9112 section 2.2 asks servers to bear an empty line before the request line; we bear one. False while it
    /// cannot be told whether there is one.
    bool skip_empty_line() {
        if (!line_may_be_empty_ || filled_ == 0) return true;
        if (buffer_[0] == '\r' && filled_ == 1) return false;
        line_may_be_empty_ = false;
        if (buffer_[0] == '\r' && buffer_[1] == '\n') {
            filled_ -= 2;
            std::memmove(buffer_.get(), buffer_.get() + 2, filled_);
        }
        return true;
    }

    progress read_head() {
        if (!skip_empty_line() || filled_ == head_end_) return progress::need_more;
        error_code failed;
        const auto unread = std::min(filled_, most_header_bytes) - head_end_;
        head_end_ += parser_->put({buffer_.get() + head_end_, unread}, failed);
        if (!failed && parser_->is_header_done()) return check();
        if (failed && failed != beast::http::error::need_more) return refuse(reason_of(failed));
        if (filled_ < most_header_bytes) return progress::need_more;
        return refuse(what_is_too_long());
    }

    refusal reason_of(error_code failed) const {
        return failed == beast::http::error::header_limit ? what_is_too_long() : refusal::malformed;
    }

    refusal what_is_too_long() const {
        const bool has_line = std::string_view(buffer_.get(), filled_).find("\r\n") != std::string_view::npos;
        return has_line ? refusal::header_too_large : refusal::target_too_long;
    }

    progress check() {
        if (request_.target.size() > most_target_bytes) return refuse(refusal::target_too_long);
        if (!split_target(request_.target, request_.path, request_.query)) return refuse(refusal::bad_target);
        if (const auto why = check_head({buffer_.get(), head_end_}, request_, framing_)) return refuse(*why);
        const auto connection = request_.header("connection");
        request_.keep_alive = request_.http_1_0 ? has_token(connection, "keep-alive") : !has_token(connection, "close");
        stage_ = stage::decision;
        return progress::head_complete;
    }

    progress read_short_body() {
        if (filled_ - head_end_ < framing_.length) return progress::need_more;
        request_end_ = head_end_ + framing_.length;
        request_.body = {buffer_.get() + head_end_, framing_.length};
        stage_ = stage::complete;
        return progress::complete;
    }

    progress read_long_body() {
        if (body_filled_ < framing_.length) return progress::need_more;
        request_end_ = head_end_;
        request_.body = body_;
        stage_ = stage::complete;
        return progress::complete;
    }

    progress read_chunks() {
        std::size_t used = 0;
        const auto outcome = chunks_.take({buffer_.get() + head_end_, filled_ - head_end_}, used, body_);
        filled_ -= used;
        std::memmove(buffer_.get() + head_end_, buffer_.get() + head_end_ + used, filled_ - head_end_);
        switch (outcome) {
            case chunk_reader::outcome::need_more: return progress::need_more;
            case chunk_reader::outcome::malformed: return refuse(refusal::malformed);
            case chunk_reader::outcome::too_large: return refuse(refusal::body_too_large);
            case chunk_reader::outcome::complete: break;
        }
        request_end_ = head_end_;
        request_.body = body_;
        stage_ = stage::complete;
        return progress::complete;
    }

    std::unique_ptr<char[]> buffer_;
    std::size_t filled_ = 0;       ///< bytes in buffer_
    std::size_t head_end_ = 0;     ///< bytes of buffer_ that the parser has taken as header
    std::size_t request_end_ = 0;  ///< where in buffer_ the next request begins
    std::string body_;             ///< a body that is chunked or does not fit behind the header
    std::size_t body_filled_ = 0;
    request request_;
    body_framing framing_;
    std::optional<parser> parser_;
    chunk_reader chunks_;
    stage stage_ = stage::head;
    refusal reason_ = refusal::malformed;
    bool line_may_be_empty_ = true;
};

request_reader::request_reader() : impl_(std::make_unique<impl>()) {}
request_reader::~request_reader() = default;
request_reader::request_reader(request_reader&&) noexcept = default;
request_reader& request_reader::operator=(request_reader&&) noexcept = default;

std::span<char> request_reader::space() { return impl_->space(); }
void request_reader::received(std::size_t size) { impl_->received(size); }
request_reader::progress request_reader::advance() { return impl_->advance(); }
request_reader::progress request_reader::allow_body(std::size_t limit) { return impl_->allow_body(limit); }
refusal request_reader::reason() const { return impl_->reason(); }
const request& request_reader::current() const { return impl_->current(); }
void request_reader::set_peer(std::string_view peer) { impl_->current().peer = peer; }
void request_reader::next() { impl_->next(); }
bool request_reader::begun() const { return impl_->begun(); }
bool request_reader::has_body_begun() const { return impl_->has_body_begun(); }
bool request_reader::has_more() const { return impl_->has_more(); }
bool request_reader::expects_continue() const { return impl_->expects_continue(); }
std::size_t request_reader::buffered_bytes() const { return impl_->buffered_bytes(); }

result<void> read_request(std::string_view bytes, std::size_t body_limit,
                          const std::function<void(const request&)>& use) {
    request_reader reader;
    auto state = request_reader::progress::need_more;
    while (state == request_reader::progress::need_more && !bytes.empty()) {
        const auto space = reader.space();
        const auto size = std::min(space.size(), bytes.size());
        std::memcpy(space.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        reader.received(size);
        state = reader.advance();
        if (state == request_reader::progress::head_complete) state = reader.allow_body(body_limit);
    }
    if (state == request_reader::progress::refused) {
        const auto code = reader.reason() == refusal::body_too_large ? errc::too_large : errc::invalid;
        return fail(code, std::string("not an acceptable HTTP request: ") + name_of(reader.reason()));
    }
    if (state == request_reader::progress::need_more) return fail(errc::invalid, "the HTTP request ends too early");
    if (!bytes.empty() || reader.has_more()) return fail(errc::invalid, "bytes follow the HTTP request");
    use(reader.current());
    return {};
}

}  // namespace kindred::http
