#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <vector>

namespace kindred::connectors::ses_sns {

/// The records of one verified SNS message: a mail that SES received, what became of one of ours (one record for each
/// recipient), or that a subscription begins or ended. errc::invalid names what cannot be understood, errc::too_large a
/// limit. Source: docs.aws.amazon.com/ses, "Contents of notifications".
result<std::vector<channel::record>> parse(json::value envelope, const mime::mailbox& ours);

}  // namespace kindred::connectors::ses_sns
