#pragma once
#include "engine/channel/record.hpp"

#include <string>
#include <string_view>

namespace kindred::channel {

/// The text with the digits of payment card numbers replaced by '*', the last four left. A card number is a run of 12
/// to 19 digits, perhaps in groups parted by single blanks or hyphens, that begins as a card scheme's numbers do, has a
/// length which that scheme uses, and passes the Luhn check (ISO/IEC 7812-1). Everything else stays byte for byte:
/// phone numbers, order numbers and device numbers (IMEI pass the check as well) begin otherwise.
std::string without_card_numbers(std::string_view text);

/// Does so in all that a person wrote: text, subject, and parts in HTML or plain text that came along. Other
/// files stay as they are. True when there was one.
bool mask_card_numbers(record& happened);

}  // namespace kindred::channel
