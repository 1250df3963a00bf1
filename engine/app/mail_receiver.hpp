#pragma once
#include "engine/api/webhooks.hpp"
#include "engine/mail/listener.hpp"

namespace kindred::app {

/// Hands the mails of a listener to the channel that it belongs to.
class mail_receiver final : public mail::receiver {
public:
    mail_receiver(runtime::site& site, api::reception_desk& reception, const runtime::channel_entry& via)
        : site_(site), reception_(reception), via_(via) {}

    std::optional<mail::reply> refuse_recipient(std::string_view) override { return std::nullopt; }
    void receive(mail::message arrived, mail::acknowledgement done) override {
        reception_.mail(via_, std::move(arrived), done);
    }
    void refused(std::string_view reason) override { site_.figures().contact(via_.name, "refused", reason); }

private:
    runtime::site& site_;
    api::reception_desk& reception_;
    const runtime::channel_entry& via_;
};

}  // namespace kindred::app
