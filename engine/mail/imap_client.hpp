#pragma once
#include "engine/base/error.hpp"
#include "engine/mail/imap_response.hpp"
#include "engine/tls/client_stream.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::mail {

/// Where a mailbox is and how it is opened.
struct mailbox_settings {
    std::string host;
    std::uint16_t port = 993;
    bool tls_at_once = true;  ///< imaps; else STARTTLS before anything secret is said
    bool plain_text = false;  ///< neither: only for a server on this machine
    std::string ca_file;      ///< certificates that are trusted instead of the system's
    std::string user;
    std::string password;
    std::string
        token_file;  ///< an OAuth 2.0 access token, read again at every log-in; then XOAUTH2 instead of a password
    std::string folder = "INBOX";
    std::size_t max_message_bytes = 25U << 20U;
    std::chrono::milliseconds poll_every{60'000};     ///< where the server cannot IDLE
    std::chrono::milliseconds idle_for{25 * 60'000};  ///< RFC 2177: a server may log out after 30 minutes
    std::chrono::milliseconds answer_within{60'000};
    std::chrono::milliseconds least_pause{1'000};  ///< before a lost connection is made again; doubled up to
    std::chrono::milliseconds most_pause{300'000};
};

/// The state of the folder that was opened.
struct folder_state {
    std::uint64_t uid_validity = 0;
    std::uint64_t uid_next = 0;  ///< 0: not said
};

/// A session with an IMAP server (RFC 9051, and RFC 3501 servers), as far as reading a folder needs it. The folder is
/// opened with EXAMINE and mails are read with BODY.PEEK: no flag is set, and none is looked at. One thread at a time.
class imap_client {
public:
    /// Connects, makes the connection secure, logs in. errc::unauthorized: the server refuses the log-in or offers no
    /// TLS; errc::unavailable, errc::timed_out, errc::io: try again later.
    static result<std::unique_ptr<imap_client>> log_in(const mailbox_settings& settings, const tls::stop_bell& bell);

    result<folder_state> open_folder();

    /// A mail that is in the folder.
    struct listed {
        std::uint64_t uid = 0;
        std::uint64_t size = 0;
    };
    /// Those above `uid`, rising.
    result<std::vector<listed>> above(std::uint64_t uid);
    /// The bytes of one mail; empty when it has gone meanwhile.
    result<std::string> fetch(std::uint64_t uid);

    bool can_idle() const { return idles_; }
    /// Waits until the folder has something new, or the server's patience has to be renewed.
    result<void> idle();
    /// Says that we are here, and hears what is new.
    result<void> poke();
    void log_out();

private:
    imap_client(const mailbox_settings& settings, std::unique_ptr<tls::client_stream> over)
        : settings_(settings), over_(std::move(over)), reader_(settings.max_message_bytes + (1U << 16U)) {}

    result<imap_response> next(std::chrono::milliseconds within);
    /// The untagged responses up to the tagged OK; errc::unauthorized, errc::conflict for NO, errc::invalid for BAD.
    /// `said_on_request` answers the server's first request for more, an empty line each further one.
    result<std::vector<imap_response>> command(const std::string& text, std::string said_on_request = {});
    result<void> send(const std::string& text);
    result<void> greet();
    result<void> authenticate();
    result<void> authenticate_by(std::string_view mechanism, const std::string& response);
    result<void> learn_abilities();

    const mailbox_settings& settings_;
    std::unique_ptr<tls::client_stream> over_;
    imap_reader reader_;
    std::uint32_t tags_ = 0;
    bool idles_ = false;
    bool starts_tls_ = false;
    bool xoauth2_ = false;
    bool plain_ = false;             ///< AUTH=PLAIN (RFC 4616)
    bool login_disabled_ = false;    ///< LOGINDISABLED
    bool response_at_once_ = false;  ///< SASL-IR (RFC 4959): the response may stand in the command
};

}  // namespace kindred::mail
