#pragma once
#include "connectors/declared/extract.hpp"
#include "engine/channel/record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::connectors::declared {

/// A value that is kept beside the common fields, under a name of the admin's.
struct named_extract {
    std::string name;
    extract value;
    std::optional<field_path> whole;  ///< the JSON as it is: lists, objects and numbers too
};

/// An address of the sender: in which space, and where it stands.
struct identity_extract {
    enum class space { email = 1, phone, own, external };
    space in = space::own;
    extract value;
    bool proven = false;  ///< of mail addresses: the sender has checked it
};

struct attachment_extract {
    std::vector<std::string> each;  ///< steps to the list, or to the only one
    std::optional<extract> name, type, size, url, id;
};

/// What an event becomes.
struct mapping {
    std::vector<std::string> each;  ///< steps to the events; "*" is every element
    std::vector<condition> ignore;
    std::vector<condition> echo;
    std::optional<extract> kind;  ///< none: message
    std::vector<extract> event_id;
    std::optional<extract> message_id, from, handle, name, to, text, subject, thread, conversation, reply_to, target,
        language, status, reply_address, emoji, intent;
    std::optional<time_extract> at;
    std::optional<attachment_extract> attachments;
    std::vector<identity_extract> identities;
    std::vector<named_extract> attributes;
    std::optional<field_path> all_attributes;  ///< an object that is taken as it is
    std::vector<named_extract> details;
};

/// The kind of a name such as "message" or "delete"; nothing for kinds that a mapping cannot make.
std::optional<channel::record_kind> mapped_kind(std::string_view name);

/// Reads `each`, `ignore`, `echo` and `contact`.
mapping read_mapping(channel::options& settings);

}  // namespace kindred::connectors::declared
