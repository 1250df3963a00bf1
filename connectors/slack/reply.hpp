#pragma once
#include "engine/channel/connector.hpp"

#include <optional>
#include <span>
#include <string>

namespace kindred::connectors::slack {

/// Where and as which app messages are sent.
struct account {
    std::string api_base;
    std::string bot_token;  ///< "xoxb-..."
};

/// POST /api/chat.postMessage into the thread that is answered; in channels one is begun below the message.
/// errc::invalid: no token, nobody to send to, or the text is empty or over 40000 characters.
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// A file goes in three calls (docs.slack.dev, "Working with files"): Slack says where to put it (POST
/// /api/files.getUploadURLExternal), it is put there, and shown in the thread (POST /api/files.completeUploadExternal).
/// errc::invalid: no token, nobody to send to, not one file.
result<channel::provider_call> upload_place_call(const account& ours, const channel::outgoing& message);
/// The second and the third call; none after those, or when Slack has said no. errc::forbidden: the bytes would go
/// somewhere else than to Slack.
result<std::optional<channel::provider_call>> further_upload_call(const account& ours, const channel::outgoing& message,
                                                                  std::span<const channel::provider_answer> answered);

/// GET of a file that Slack keeps, with the bot's token where the address is Slack's own; the token needs files:read.
/// errc::invalid: there is no address. Source: docs.slack.dev/reference/objects/file-object, `url_private`.
result<channel::provider_call> file_call(const account& ours, const channel::attachment& file);

/// Whether that is a page of HTML instead of the file.
bool is_login_page(const channel::attachment& file, const channel::provider_answer& answered);

/// Reads Slack's answer, which says in its body whether a 200 meant yes.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: auth.test, which names the workspace; a wrong token is answered with 200 all the
/// same. Source: docs.slack.dev/reference/methods/auth.test.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::slack
