#include "engine/channel/phone_key.hpp"

namespace kindred::channel {

std::string phone_key(options& settings, std::string_view name) {
    auto key = settings.text(name);
    if (key.empty() || (key.size() == 1 && key.front() >= '0' && key.front() <= '9')) return key;
    settings.complain(name, "wants one digit, in quotes");
    return {};
}

}  // namespace kindred::channel
