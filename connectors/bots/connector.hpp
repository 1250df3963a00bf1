#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

namespace kindred::connectors::bots {

/// Hand-over from chat bots: Dialogflow CX, Rasa, and any that speaks our own form. Settings and set-up are in
/// README.md.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::bots
