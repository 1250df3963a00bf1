#pragma once
#include <string>
#include <string_view>

/// The words by which mail programs introduce what they quote. `lower` arguments come from lower_case().
namespace kindred::connectors::mime::phrases {

/// In lower case, whatever script.
std::string lower_case(std::string_view text);
/// "original message" in one of the languages.
bool names_original_message(std::string_view lower);
/// Has a word such as "wrote", "schrieb", "escribió".
bool says_wrote(std::string_view lower);
/// Starts with a word such as "on", "am", "el", or with a date.
bool begins_attribution(std::string_view lower);
/// "sent from my ..." in one of the languages.
bool is_device_signature(std::string_view lower);

/// Which header of a quoted message a line shows. `telling` are those that nothing but mail has ("Subject:", "Sent:");
/// "To:" and "Date:" also stand in what people write.
enum class header { none = 1, sender, telling, other };
header header_of(std::string_view line);

}  // namespace kindred::connectors::mime::phrases
