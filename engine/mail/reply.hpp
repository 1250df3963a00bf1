#pragma once
#include <string>

namespace kindred::mail {

/// An SMTP reply: three digits, and a text that begins with an enhanced status code (RFC 3463) where one fits.
struct reply {
    unsigned code = 250;
    std::string text;

    bool accepted() const { return code >= 200 && code < 300; }
    bool operator==(const reply&) const = default;
};

}  // namespace kindred::mail
