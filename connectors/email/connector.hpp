#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

namespace kindred::connectors::email {

/// The connector for mail that another mail system hands over (SMTP or LMTP) and that leaves through a submission
/// server. README.md describes the settings.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::email
