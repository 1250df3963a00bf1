#pragma once
#include "engine/api/webhooks.hpp"
#include "engine/mail/mailbox_watch.hpp"

#include <optional>
#include <string>

namespace kindred::app {

/// Hands the mails of a folder to the channel that it belongs to, and keeps in the store how far it was read.
class mailbox_reader final : public mail::mailbox_owner {
public:
    /// `kept` is what keep() stored last, as the store has it.
    mailbox_reader(runtime::site& site, api::reception_desk& reception, const runtime::channel_entry& via,
                   std::optional<mail::mailbox_cursor> kept)
        : site_(site), reception_(reception), via_(via), kept_(kept) {}

    /// The name under which the store keeps the cursor of a channel.
    static std::string setting_of(const std::string& channel) { return "mailbox." + channel; }

    taken take(std::string content) override;
    void too_large(std::uint64_t size) override;
    std::optional<mail::mailbox_cursor> cursor() override { return kept_; }
    bool keep(const mail::mailbox_cursor& reached) override;
    void failed(const error& why) override;

private:
    runtime::site& site_;
    api::reception_desk& reception_;
    const runtime::channel_entry& via_;
    std::optional<mail::mailbox_cursor> kept_;
};

}  // namespace kindred::app
