#pragma once
#include "engine/base/error.hpp"
#include "engine/mail/reply.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::tls {
class server_identity;
}

namespace kindred::mail {

enum class protocol { smtp = 1, lmtp };

struct listener_settings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one
    protocol speaks = protocol::lmtp;
    std::string hostname = "localhost";              ///< what the greeting says
    std::shared_ptr<tls::server_identity> identity;  ///< STARTTLS (RFC 3207) is offered where there is one
    bool tls_required = false;                       ///< no mail is taken in the open
    std::size_t max_message_bytes = 25U << 20U;
    std::size_t max_recipients = 100;
    std::size_t max_connections = 100;
    std::size_t max_buffered_bytes = 256U << 20U;        ///< mails being received, over all sessions; then 421
    std::size_t max_bad_commands = 20;                   ///< then 421 and close
    std::chrono::milliseconds command_within{300'000};   ///< RFC 5321 section 4.5.3.2.7
    std::chrono::milliseconds data_within{180'000};      ///< between two blocks of the message
    std::chrono::milliseconds handshake_within{30'000};  ///< of TLS
    std::chrono::milliseconds answer_within{300'000};    ///< for the receiver; then 451
    std::chrono::milliseconds sweep_every{1'000};        ///< how often the limits above are looked at
};

/// One mail as it was handed over.
struct message {
    std::string from;                     ///< envelope sender; empty is the null sender: never answer it
    std::vector<std::string> recipients;  ///< those that were accepted, in order, as written
    std::string content;                  ///< RFC 5322 bytes, dots unstuffed; a lone CR or LF stays as it came
    std::string peer;                     ///< address of the other end, as text
    std::string hello;                    ///< what EHLO, HELO or LHLO said
};

/// The obligation to answer for one message. Copies share it; the first answer counts; unanswered means 451, try again.
/// Safe from any thread, also after the listener has gone.
class acknowledgement {
public:
    explicit acknowledgement(std::function<void(std::vector<reply>)> sink);

    /// The same reply for every recipient.
    void send(reply for_all) const;
    /// One reply for each recipient, in order. Over SMTP, which knows one reply, the worst of them counts.
    void send(std::vector<reply> by_recipient) const;

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

/// Takes the mails of a listener. Calls come from the listener's thread: they must not block.
class receiver {
public:
    virtual ~receiver() = default;

    /// A reply refuses this recipient (550 5.1.1 unknown); nothing accepts it.
    virtual std::optional<reply> refuse_recipient(std::string_view address) = 0;
    /// Answers once the mail is durable, or cannot be taken.
    virtual void receive(message arrived, acknowledgement done) = 0;
    /// A session or message was refused by the listener itself; `reason` is from a small fixed set.
    virtual void refused(std::string_view reason) {}

protected:
    receiver() = default;
    receiver(const receiver&) = default;
    receiver& operator=(const receiver&) = default;
};

/// An SMTP (RFC 5321) or LMTP (RFC 2033) server on one thread, for a mail system that hands mail over.
class listener {
public:
    explicit listener(listener_settings settings, std::shared_ptr<receiver> receiving);
    /// stop() at once when nobody did before.
    ~listener();
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    /// Binds, listens and serves; gives the port. errc::invalid for a bad address, errc::io when the system refuses.
    result<std::uint16_t> start();
    /// No new session; those between messages get 421, those waiting for their answer get it within `patience`. Joined
    /// when it returns. Idempotent.
    void stop(std::chrono::milliseconds patience);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace kindred::mail
