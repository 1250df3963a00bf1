#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kindred::channel {

/// Writes a TwiML document (twilio.com/docs/voice/twiml). Text and attribute values are escaped, characters that XML
/// cannot hold are left out; attributes with an empty value are not written.
class twiml {
public:
    using attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// An element with text, or without any content when the text is empty.
    twiml& verb(std::string_view name, attributes given = {}, std::string_view text = {});
    twiml& open(std::string_view name, attributes given = {});
    twiml& close(std::string_view name);

    /// The whole document: XML declaration and <Response>.
    std::string document() const;

private:
    void start(std::string_view name, attributes given);
    std::string inner_;
};

inline constexpr std::string_view twiml_media_type = "text/xml; charset=utf-8";

}  // namespace kindred::channel
