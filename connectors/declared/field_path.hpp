#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/connector.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::declared {

/// Where paths are looked up: one event of a request. Views live as long as the call.
struct event_view {
    json::value root;   ///< the whole body
    json::value event;  ///< the part that `each` names, or the root
    const channel::request* request = nullptr;
};

/// The steps of a JSON Pointer (RFC 6901): "/a/0/b~1c". Empty is the value itself.
result<std::vector<std::string>> pointer_steps(std::string_view written);
/// The value that the steps lead to; one that does not exist when they lead nowhere.
json::value follow(json::value from, const std::vector<std::string>& steps);

/// A place in a request, as an admin writes it: "/customer/id" in the event, "$/account" in the whole body,
/// "header:X-Event-Id", "query:account".
class field_path {
public:
    static result<field_path> parse(std::string_view written);

    /// The value; one that does not exist for headers and parameters.
    json::value value_in(const event_view& event) const;
    /// The value as text: strings as they are, numbers with their digits, true and false by name. Nothing for what is
    /// missing, null, empty, a list or an object, and for headers that occur twice.
    std::optional<std::string> text_in(const event_view& event) const;
    /// Whether it is there at all: null and empty texts are, too.
    bool exists_in(const event_view& event) const;

private:
    enum class source { event = 1, body, header, query };
    source from_ = source::event;
    std::vector<std::string> steps_;
    std::string name_;
};

}  // namespace kindred::connectors::declared
