#pragma once
#include "engine/base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::channel {

/// One part of a multipart/form-data body (RFC 7578, names as the WHATWG HTML standard writes them: a backslash is
/// itself). The content views the body.
struct form_part {
    std::string name;
    std::optional<std::string> filename;  ///< its last path component; none: a plain field
    std::string type;                     ///< as declared; empty: not said
    std::string_view content;
};

/// The parts in their order. errc::invalid: a boundary that RFC 2046 does not allow, no closing boundary, a part
/// without a name; errc::too_large: over 1000 parts, or over 16 KiB of part headers.
result<std::vector<form_part>> parse_multipart(std::string_view body, std::string_view boundary);

/// Writes a multipart/form-data body.
class multipart_writer {
public:
    /// The boundary is made from `seed`, which nobody who writes contents can guess (an idempotency key).
    explicit multipart_writer(std::string_view seed);

    void add(std::string_view name, std::string_view value);
    /// A name that is empty becomes "file"; quotes and line breaks in it are escaped as browsers do.
    void add_file(std::string_view name, std::string_view filename, std::string_view type, std::string_view content);
    std::string media_type() const { return "multipart/form-data; boundary=" + boundary_; }
    /// The finished body.
    std::string take();

private:
    void begin(std::string_view name);
    std::string boundary_;
    std::string body_;
};

}  // namespace kindred::channel
