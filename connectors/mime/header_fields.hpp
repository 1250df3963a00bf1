#pragma once
#include "connectors/mime/mime.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::mime {

/// The headers of one message as they stand in it, raw values, in order.
class header_fields {
public:
    void add(std::string_view name, std::string_view raw_value);

    /// The raw value of the first one with that name, "" when there is none.
    std::string_view first(std::string_view name) const;
    bool has(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    /// Whether any name starts with `prefix`, ignoring case.
    bool has_prefix(std::string_view prefix) const;

private:
    struct field {
        std::string name;
        std::string value;
    };
    std::vector<field> fields_;
};

/// "<a@b>" of every id in a header value, order kept, duplicates left out, at most 100. Ids without brackets that
/// look like one are taken; broken ones are not.
std::vector<std::string> message_ids(std::string_view raw_value);

/// The mailboxes of an address header, groups flattened, at most 200. Needs start_gmime() before.
std::vector<address> addresses(std::string_view raw_value);

/// "announce.lists.example.org" of "Announcements <announce.lists.example.org>".
std::string list_id(std::string_view raw_value);

/// Prepares GMime once for the whole process; safe from every thread.
void start_gmime();

}  // namespace kindred::connectors::mime
