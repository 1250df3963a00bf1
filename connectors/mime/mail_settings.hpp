#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/channel/options.hpp"

#include <string>

namespace kindred::connectors::mime {

/// What a mail channel is configured with.
struct mail_settings {
    std::string channel;
    mailbox ours;
    limits allowed;
    std::string address;    ///< where our mail comes from; empty: the address the customer wrote to
    std::string from_name;  ///< beside it
    std::string smtp_url;   ///< smtp://host:port or smtps://host:port; empty: cannot send
    std::string smtp_user;
    std::string smtp_password;
};

/// Reads and checks what every mail channel has; problems are collected in `given`.
mail_settings read_mail_settings(channel::options& given);

}  // namespace kindred::connectors::mime
