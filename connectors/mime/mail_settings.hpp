#pragma once
#include "connectors/mime/mime.hpp"
#include "connectors/mime/submission_route.hpp"
#include "engine/channel/options.hpp"

#include <optional>
#include <string>

namespace kindred::connectors::mime {

/// What a mail channel is configured with.
struct mail_settings {
    std::string channel;
    mailbox ours;
    limits allowed;
    std::string address;    ///< where our mail comes from; empty: the address the customer wrote to
    std::string from_name;  ///< beside it
    submission_route submission;
    /// Of a folder that mail is read from, for checkups; none: mail comes by itself.
    std::optional<channel::provider_call> folder{};
};

/// Reads and checks what every mail channel has; problems are collected in `given`.
mail_settings read_mail_settings(channel::options& given);

}  // namespace kindred::connectors::mime
