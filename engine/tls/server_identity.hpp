#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <mutex>

namespace kindred::tls {

/// The files that prove to clients who we are.
struct certificate_files {
    std::filesystem::path certificate;  ///< PEM: our certificate, then those between it and the root
    std::filesystem::path key;          ///< PEM, not encrypted
    bool operator==(const certificate_files&) const = default;
};

/// A certificate and its key, as TLS servers need them: TLS 1.2 or newer, ciphers with forward secrecy alone, no
/// renegotiation. Connections keep what they began with while the files are replaced. Thread-safe.
class server_identity {
public:
    /// errc::invalid: a file cannot be read, is no PEM of its kind, or the key is not the certificate's.
    static result<std::shared_ptr<server_identity>> load(const certificate_files& files);

    /// Reads the files again, for the connections to come. What is wrong with them leaves everything as it was.
    result<void> reload();
    /// Whether the files are others than were read last, whether or not that went well, and have come to rest.
    bool files_changed();

    const certificate_files& files() const { return files_; }
    time_point expires_at() const;
    /// What a new connection is made with.
    std::shared_ptr<SSL_CTX> current() const;

private:
    struct loaded {
        std::shared_ptr<SSL_CTX> context;
        time_point expires_at;
    };
    /// Tells versions of the two files apart.
    struct stamp {
        std::filesystem::file_time_type certificate_at, key_at;
        std::uintmax_t certificate_size = 0, key_size = 0;
        bool operator==(const stamp&) const = default;
    };

    server_identity(certificate_files files, loaded first, stamp seen);
    static result<loaded> read(const certificate_files& files);
    static stamp look(const certificate_files& files);

    const certificate_files files_;
    mutable std::mutex mutex_;
    loaded now_;
    stamp read_;
    stamp last_;
};

}  // namespace kindred::tls
