#include "engine/http/transfer.hpp"

#include "engine/base/text.hpp"
#include "engine/http/address_guard.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace kindred::http {
namespace {

constexpr std::size_t most_header_bytes_received = 64U << 10U;

struct url_deleter {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(char* part) const { curl_free(part); }
};

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, url_deleter> owned(text);
    return owned.get();
}

transfer& from(void* self) { return *static_cast<transfer*>(self); }

}  // namespace

void curl_list::add(const std::string& line) {
    curl_slist* const longer = curl_slist_append(list_.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    static_cast<void>(list_.release());  // now part of, or the same as, `longer`
    list_.reset(longer);
}

transfer::transfer(CURL* handle, const client_settings& settings, deadline until, const std::atomic<bool>& cut)
    : handle_(handle), settings_(settings), until_(until), cut_(cut) {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROXY, "");  // a proxy out of the environment would resolve and connect behind our back
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings.ca_file.empty()) set(CURLOPT_CAINFO, settings.ca_file.c_str());
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(reason_));
    set(CURLOPT_WRITEFUNCTION, &transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &transfer::on_open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &transfer::on_progress);
    set(CURLOPT_XFERINFODATA, this);
}

// Keeps the connections, forgets every option that points into this object.
transfer::~transfer() { curl_easy_reset(handle_); }

result<void> transfer::aim(const std::string& url, std::string_view plain_scheme, std::string_view tls_scheme) {
    const std::unique_ptr<CURLU, url_deleter> parsed(curl_url());
    const bool is_clean = std::ranges::all_of(url, [](char letter) { return letter > ' ' && letter < 0x7F; });
    if (!is_clean || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                  CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        return fail(errc::invalid, "\"" + to_utf8(url) + "\" is no URL that can be called");
    }
    const auto scheme = part_of(parsed.get(), CURLUPART_SCHEME);
    host_ = to_lower_ascii(part_of(parsed.get(), CURLUPART_HOST));
    trusted_ = std::ranges::find(settings_.trusted_hosts, host_) != settings_.trusted_hosts.end();
    if (scheme != tls_scheme && scheme != plain_scheme) {
        return fail(errc::invalid,
                    "\"" + scheme + "\" is not the scheme of this call: use " + std::string(tls_scheme) + "://");
    }
    set(CURLOPT_PROTOCOLS_STR, scheme.c_str());
    set(CURLOPT_URL, url.c_str());
    return {};
}

void transfer::upload(std::string_view bytes) {
    upload_ = bytes;
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &transfer::on_upload);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
}

CURLcode transfer::run() {
    const auto left = until_.left();
    if (left.count() <= 0) return CURLE_OPERATION_TIMEDOUT;
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(left, settings_.connect_within).count()));
    return curl_easy_perform(handle_);
}

unsigned transfer::status() const {
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<unsigned>(status);
}

bool transfer::has_sent_request() const {
    long size = 0;
    curl_easy_getinfo(handle_, CURLINFO_REQUEST_SIZE, &size);
    return size > 0;
}

std::string transfer::reply_line(unsigned code) const {
    const auto begins = std::to_string(code);
    const auto found =
        std::find_if(lines_.rbegin(), lines_.rend(), [&](const auto& line) { return line.starts_with(begins); });
    return found == lines_.rend() ? std::string() : *found;
}

client_response transfer::take_response() {
    response_.status = status();
    return std::move(response_);
}

error transfer::failure(CURLcode code, bool sent) const {
    const std::string about =
        host_ + ": " + (reason_[0] != '\0' ? static_cast<const char*>(reason_) : curl_easy_strerror(code));
    if (too_large_) return fail(errc::too_large, host_ + ": the answer is larger than is taken");
    if (sent) return fail(errc::unknown, about);
    if (refused_address_)
        return fail(errc::forbidden, host_ + " is at an address that may not be called; see trusted_hosts");
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL: return fail(errc::invalid, about);
        case CURLE_OPERATION_TIMEDOUT: return fail(errc::timed_out, about);
        default: return fail(errc::unavailable, about);
    }
}

std::size_t transfer::on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& over = from(self);
    if (over.response_.body.size() + size > over.settings_.max_response_bytes) {
        over.too_large_ = true;
        return 0;
    }
    over.response_.body.append(bytes, size);
    return size;
}

std::size_t transfer::on_header(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& over = from(self);
    over.header_bytes_ += size;
    if (over.header_bytes_ > most_header_bytes_received) {
        over.too_large_ = true;
        return 0;
    }
    over.take_header(trim({bytes, size}));
    return size;
}

void transfer::take_header(std::string_view line) {
    if (line.empty()) return;
    lines_.emplace_back(line);
    if (line.starts_with("HTTP/")) return response_.headers.clear();  // those of an interim response
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    response_.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
}

std::size_t transfer::on_upload(char* space, std::size_t, std::size_t size, void* self) {
    auto& over = from(self);
    const auto taken = std::min(size, over.upload_.size());
    std::memcpy(space, over.upload_.data(), taken);
    over.upload_.remove_prefix(taken);
    over.upload_ended_ = over.upload_.empty();
    return taken;
}

// Asked with the address that is about to be connected to: a name that resolves differently the second time gains
// nothing.
curl_socket_t transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& over = from(self);
    if (over.settings_.refuse_private_addresses && !over.trusted_ && !is_public_address(address->addr)) {
        over.refused_address_ = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return from(self).cut_ ? 1 : 0;
}

}  // namespace kindred::http
