#pragma once
#include "engine/base/deadline.hpp"
#include "engine/http/client.hpp"

#include <curl/curl.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::http {

/// A libcurl handle of one thread; it keeps connections open for the next call.
struct curl_deleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using curl_handle = std::unique_ptr<CURL, curl_deleter>;

/// A list of header lines or recipients in libcurl's form.
class curl_list {
public:
    void add(const std::string& line);
    curl_slist* get() const { return list_.get(); }

private:
    std::unique_ptr<curl_slist, curl_deleter> list_;
};

/// One call over a handle: what HTTP and SMTP have in common. Everything that libcurl points to lives in here.
class transfer {
public:
    /// `cut` ends the call from another thread.
    transfer(CURL* handle, const client_settings& settings, deadline until, const std::atomic<bool>& cut);
    ~transfer();
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

    /// Where to: refuses URLs that are none, other schemes than these two, and a plain one to strangers.
    result<void> aim(const std::string& url, std::string_view plain_scheme, std::string_view tls_scheme);
    /// Whether the host is one of the trusted ones. After aim().
    bool is_trusted() const { return trusted_; }

    template <class Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(handle_, option, value);
    }
    /// Gives `bytes`, which must outlive the run, to the server as an upload.
    void upload(std::string_view bytes);

    CURLcode run();

    unsigned status() const;
    /// Whether HTTP request bytes left for the server.
    bool has_sent_request() const;
    /// Whether the upload was read to its end.
    bool has_uploaded() const { return upload_ended_; }
    client_response take_response();
    /// The last line received that begins with this code (SMTP).
    std::string reply_line(unsigned code) const;

    /// The failure that a code means; `sent` says whether the call may have had its effect.
    error failure(CURLcode code, bool sent) const;

private:
    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self);
    static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self);
    static std::size_t on_upload(char* space, std::size_t, std::size_t size, void* self);
    static curl_socket_t on_open_socket(void* self, curlsocktype, curl_sockaddr* address);
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    void take_header(std::string_view line);

    CURL* handle_;
    const client_settings& settings_;
    deadline until_;
    const std::atomic<bool>& cut_;
    client_response response_;
    std::string host_;
    std::vector<std::string> lines_;
    std::string_view upload_;
    std::size_t header_bytes_ = 0;
    bool upload_ended_ = false;
    bool trusted_ = false;
    bool refused_address_ = false;
    bool too_large_ = false;
    char reason_[CURL_ERROR_SIZE] = {};
};

result<client_response> perform(transfer& over, const http_call& call);
result<client_response> perform(transfer& over, const smtp_call& call);

}  // namespace kindred::http
