#pragma once
#include <string>
#include <string_view>

/// Slack's markup for what is more than letters (docs.slack.dev/messaging/formatting-message-text).
namespace kindred::connectors::slack {

/// As people read it: `<@U1>` becomes "@U1", `<#C1|general>` "#general", `<https://x|the page>` "the page (https://x)",
/// `<!here>` "@here"; entities become their characters.
std::string to_plain_text(std::string_view mrkdwn);

/// A plain text so that Slack shows it as it is: the three characters that begin markup become entities.
std::string escaped(std::string_view text);

}  // namespace kindred::connectors::slack
