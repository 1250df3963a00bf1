#pragma once
#include "engine/base/text.hpp"
#include "engine/channel/connector.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What all webhook connectors do alike: media types, form bodies, event ids, answers.
namespace kindred::channel {

/// The Content-Type without its parameters, in lower case; empty when it is missing or doubled.
std::string media_type_of(const request& arrived);
/// A parameter of a header value such as `multipart/form-data; boundary="x"`, unquoted; empty when there is none.
std::string parameter_of(std::string_view header_value, std::string_view name);

/// 415 for a body that says it is something other than JSON. One that says nothing is looked at: its signature speaks.
std::optional<reception> refuse_unless_json(const request& arrived);

inline constexpr std::string_view form_media_type = "application/x-www-form-urlencoded";

/// The decoded fields of a form, in their order.
class form {
public:
    explicit form(std::vector<form_field> fields) : fields_(std::move(fields)) {}
    static form parse(std::string_view encoded) { return form(parse_form(encoded)); }

    /// The last value of a field, empty when there is none. The last, because providers put what users named in front
    /// of their own fields (Mailgun's user variables).
    std::string_view operator[](std::string_view name) const;
    bool has(std::string_view name) const;
    const std::vector<form_field>& fields() const { return fields_; }
    /// False when a name or value is not UTF-8.
    bool is_text() const;

private:
    std::vector<form_field> fields_;
};

/// Joins parts with ':' into an event id. Longer than 200 bytes becomes its SHA-256: keys stay small and distinct.
std::string event_id(std::initializer_list<std::string_view> parts);
/// The event id of a delivery that names nothing: "body:" and the SHA-256 of its bytes.
std::string event_id_of_body(std::string_view body);

/// A record of kind `ignored` with its reason, so that the delivery is counted.
record ignored(std::string reason, std::string event_id);

/// 200 with an empty body once the records are durable.
reception accept(std::vector<record> records);
/// 400 with the reason as text: what the request says cannot be understood; nothing of it is stored.
reception malformed(std::string_view where);

/// A decimal number of a form field or header: nothing when it is not one or does not fit.
std::optional<std::int64_t> number_of(std::string_view text);

}  // namespace kindred::channel
