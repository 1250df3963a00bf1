#pragma once
#include "engine/domain/attribute.hpp"
#include "engine/domain/channel_kind.hpp"

#include <string>
#include <vector>

namespace kindred {

/// One inbound interaction as rules and agents see it, whatever provider it came from (docs/rules.md, "A contact").
struct contact {
    std::string channel_name;
    channel_kind kind = channel_kind::api;
    std::string from;
    std::vector<std::string> to;
    std::string text;
    std::string subject;
    std::string language;  ///< ISO 639-1; empty: not known
    std::string intent;    ///< empty: not known
    std::int64_t attachments = 0;
    bool is_reply = false;
    attributes declared;  ///< contact.attributes.<name>
    time_point received_at;
    std::string conversation;
    std::string message_id;
};

}  // namespace kindred
