#include "connectors/messenger/payload.hpp"

#include "engine/channel/meta_messaging.hpp"

namespace kindred::connectors::messenger {

result<std::vector<channel::record>> parse(std::string_view body, std::string_view page_id) {
    return channel::parse_meta_messaging({.object = "page", .space = "messenger", .account = page_id}, body);
}

}  // namespace kindred::connectors::messenger
