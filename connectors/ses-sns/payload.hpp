#pragma once
#include "connectors/mime/mime.hpp"
#include "connectors/ses-sns/mail_bucket.hpp"
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace kindred::connectors::ses_sns {

/// Where SES has left the mail that a notification is about; nothing when the mail is in it, or it is about no mail.
std::optional<mail_place> mail_elsewhere(json::value envelope);

/// The records of one verified SNS message: a mail that SES received, what became of one of ours (one record for each
/// recipient), or that a subscription begins or ended. `fetched` is the mail that lay elsewhere, where it has been
/// brought. errc::invalid names what cannot be understood, errc::too_large a limit.
/// Source: docs.aws.amazon.com/ses, "Contents of notifications".
result<std::vector<channel::record>> parse(json::value envelope, const mime::mailbox& ours,
                                           std::optional<std::string_view> fetched = std::nullopt);

}  // namespace kindred::connectors::ses_sns
