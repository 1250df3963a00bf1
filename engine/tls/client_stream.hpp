#pragma once
#include "engine/base/error.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::tls {

/// Ends waits of another thread. Thread-safe.
class stop_bell {
public:
    stop_bell();
    ~stop_bell();
    stop_bell(const stop_bell&) = delete;
    stop_bell& operator=(const stop_bell&) = delete;

    void ring();
    bool has_rung() const;
    /// Becomes readable when it rings.
    int descriptor() const { return descriptor_; }
    /// True when it rang within that time.
    bool wait_for(std::chrono::milliseconds time) const;

private:
    int descriptor_;
};

/// A connection to a server: TCP, and TLS (1.2 or newer) once start_tls() is done. One thread at a time; every call is
/// bounded in time and ends early with errc::unavailable when the bell rings.
class client_stream {
public:
    static result<std::unique_ptr<client_stream>> connect(const std::string& host, std::uint16_t port,
                                                          std::chrono::milliseconds within, const stop_bell& bell);
    ~client_stream();
    client_stream(const client_stream&) = delete;
    client_stream& operator=(const client_stream&) = delete;

    /// The handshake. The certificate must be valid for `host` by `ca_file`, or by the system's when that is empty.
    result<void> start_tls(const std::string& host, const std::string& ca_file, std::chrono::milliseconds within);
    bool is_secure() const;

    /// Some bytes, at least one. errc::timed_out: none came; errc::io: the other end closed.
    result<std::string_view> read(std::chrono::milliseconds within);
    result<void> write(std::string_view bytes, std::chrono::milliseconds within);

private:
    class impl;
    explicit client_stream(std::unique_ptr<impl> made);
    std::unique_ptr<impl> impl_;
};

}  // namespace kindred::tls
