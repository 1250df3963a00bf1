#pragma once
#include <string>
#include <string_view>

namespace kindred::connectors::mime {

/// What the writer of a mail added: without quoted lines, the line that introduces them ("On ... wrote:" and its like
/// in a dozen languages), header blocks of the message below, and the signature. Forwarded messages stay: the writer
/// wants them read. Answers between quoted lines are kept in their order. Text that is nothing but quotes is given
/// back whole. Takes time linear in the text.
std::string without_quoted_reply(std::string_view text);

}  // namespace kindred::connectors::mime
