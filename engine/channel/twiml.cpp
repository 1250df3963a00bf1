#include "engine/channel/twiml.hpp"

#include "engine/base/text.hpp"

namespace kindred::channel {
namespace {

/// XML 1.0 section 2.2: of the control characters only tab, line feed and carriage return exist.
std::string as_xml(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    for (const char letter : to_utf8(text)) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte >= 0x20 || letter == '\t' || letter == '\n' || letter == '\r') kept += letter;
    }
    return escape_markup(kept);
}

}  // namespace

void twiml::start(std::string_view name, attributes given) {
    inner_.append("<").append(name);
    for (const auto& [attribute, value] : given)
        if (!value.empty()) inner_.append(" ").append(attribute).append("=\"").append(as_xml(value)).append("\"");
}

twiml& twiml::verb(std::string_view name, attributes given, std::string_view text) {
    start(name, given);
    if (text.empty()) {
        inner_ += "/>";
        return *this;
    }
    inner_.append(">").append(as_xml(text));
    return close(name);
}

twiml& twiml::open(std::string_view name, attributes given) {
    start(name, given);
    inner_ += '>';
    return *this;
}

twiml& twiml::close(std::string_view name) {
    inner_.append("</").append(name).append(">");
    return *this;
}

std::string twiml::document() const {
    constexpr std::string_view declaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";
    std::string whole(declaration);
    if (inner_.empty()) return whole += "<Response/>";
    return whole.append("<Response>").append(inner_).append("</Response>");
}

}  // namespace kindred::channel
