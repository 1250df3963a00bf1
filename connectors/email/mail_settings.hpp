#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/channel/options.hpp"

#include <string>

namespace kindred::connectors::email {

/// What a mail channel is configured with.
struct mail_settings {
    std::string channel;
    mime::mailbox ours;
    mime::limits allowed;
    std::string address;    ///< where our mail comes from; empty: the address the customer wrote to
    std::string from_name;  ///< beside it
    std::string smtp_url;   ///< smtp://host:port or smtps://host:port; empty: cannot send
    std::string smtp_user;
    std::string smtp_password;
};

/// Reads and checks the settings; problems are collected in `given`.
mail_settings read_settings(channel::options& given);

}  // namespace kindred::connectors::email
