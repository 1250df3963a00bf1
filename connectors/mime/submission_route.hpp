#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <string>

namespace kindred::connectors::mime {

/// The submission server (RFC 6409) that takes our mail, and how it is spoken to.
struct submission_route {
    std::string url;  ///< smtp://host:port or smtps://host:port; empty: cannot send
    std::string user;
    std::string password;
    channel::submission_security security;

    /// A mail on this way, its envelope and content still to come.
    channel::provider_call call() const;
    /// Connects, makes the connection secure and logs in, as for a mail, and says NOOP (RFC 5321 section 4.1.1.9).
    channel::checkup checkup() const;
};

/// Reads and checks smtp_url, smtp_user, smtp_password, smtp_token_file, smtp_tls and smtp_ca_file. Without smtp_tls a
/// server that is not on this machine is spoken to over TLS alone.
submission_route read_submission(channel::options& given);

}  // namespace kindred::connectors::mime
