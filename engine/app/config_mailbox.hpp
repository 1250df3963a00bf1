#pragma once
#include "engine/app/config.hpp"
#include "engine/channel/options.hpp"

namespace kindred::app {

/// Where the folder of a channel is; its connector has checked the settings.
mailbox mailbox_of(channel::options& settings);

}  // namespace kindred::app
