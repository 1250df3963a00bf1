#pragma once
#include "engine/mail/imap_client.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace kindred::mail {

/// How far a folder has been read: all mails up to `uid` under this UIDVALIDITY (RFC 9051 section 2.3.1.1) are dealt
/// with.
struct mailbox_cursor {
    std::uint64_t uid_validity = 0;  ///< 0: never read
    std::uint64_t uid = 0;

    std::string to_text() const;
    static std::optional<mailbox_cursor> from_text(std::string_view text);
    bool operator==(const mailbox_cursor&) const = default;
};

/// What is done with the mails of a mailbox. Called from the watch's thread; may block.
class mailbox_owner {
public:
    virtual ~mailbox_owner() = default;

    /// What became of a mail.
    enum class taken {
        done = 1,  ///< durable, refused or put aside: never needed again
        later      ///< it cannot be taken now: the same one comes again
    };
    virtual taken take(std::string content) = 0;
    /// A mail that is larger than allowed: not fetched, and dealt with all the same.
    virtual void too_large(std::uint64_t size) = 0;
    /// Where reading goes on after a restart; none: the folder was never read.
    virtual std::optional<mailbox_cursor> cursor() = 0;
    /// False when it cannot be kept now: then mails come again, and are known by their keys.
    virtual bool keep(const mailbox_cursor& reached) = 0;
    /// The connection is lost or refused, and is tried again later.
    virtual void failed(const error& why) = 0;

protected:
    mailbox_owner() = default;
    mailbox_owner(const mailbox_owner&) = default;
    mailbox_owner& operator=(const mailbox_owner&) = default;
};

/// Reads the mails of a folder as they come, in the order of their numbers, each until it is dealt with, on a thread of
/// its own. A mail that makes trouble blocks none after it; a changed UIDVALIDITY means reading from the beginning, and
/// what was taken before is known by its key. A folder that was never read begins with what comes from now on.
class mailbox_watch {
public:
    mailbox_watch(mailbox_settings settings, std::shared_ptr<mailbox_owner> owner);
    ~mailbox_watch();
    mailbox_watch(const mailbox_watch&) = delete;
    mailbox_watch& operator=(const mailbox_watch&) = delete;

    void start();
    /// Ends the session after the mail at hand, and joins. Idempotent.
    void stop();

private:
    void run();
    result<void> session();
    /// Everything above the cursor.
    result<void> read_new(imap_client& over, mailbox_cursor& reached);
    result<void> read_one(imap_client& over, const imap_client::listed& mail);

    const mailbox_settings settings_;
    std::shared_ptr<mailbox_owner> owner_;
    tls::stop_bell bell_;
    std::chrono::milliseconds pause_;
    std::thread thread_;  // last: it uses everything above
};

}  // namespace kindred::mail
