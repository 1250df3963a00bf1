#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::telegram {

/// What one update says.
struct update {
    std::vector<channel::record> records;  ///< never empty; what is not for us is of kind `ignored`
    std::string callback_query;            ///< id of a pressed button, which spins until it is answered; else empty
};

/// Reads one verified update. errc::invalid: names the field that is missing or wrong.
/// Source: core.telegram.org/bots/api#update.
result<update> parse(std::string_view body);

}  // namespace kindred::connectors::telegram
