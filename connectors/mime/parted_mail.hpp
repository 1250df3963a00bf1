#pragma once
#include "connectors/mime/mime.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::connectors::mime {

/// A mail that a provider has already taken apart, in UTF-8.
struct parted_mail {
    std::vector<std::pair<std::string, std::string>> headers;  ///< in order; encoded words are decoded
    std::string text;
    std::string html;                          ///< read where there is no text
    std::optional<std::string> stripped_text;  ///< as the provider cut it; none: cut here
    std::vector<channel::attachment> attachments;
};

/// The message of which these are the parts. A line break in a header value cannot begin another header; headers that
/// describe how the body travelled are left out. errc::invalid, errc::too_large: its headers cannot be read.
result<message> put_together(parted_mail parts);

/// The names and raw values of a block of headers as it stood in a mail, continued lines joined. Lines that are no
/// header are left out.
std::vector<std::pair<std::string, std::string>> header_lines(std::string_view block);

/// Adds the detail `inline`: names of the files that the text shows, by their Content-ID. A sender may give one id to
/// two files: the first has it.
void add_inline_files(channel::record& made);

}  // namespace kindred::connectors::mime
