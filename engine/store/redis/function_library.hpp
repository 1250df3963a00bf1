#pragma once
#include <string>
#include <string_view>

namespace kindred::store::redis {

/// Our functions as Redis loads them (functions/kindred.lua). The name has a digest of the text in it: nodes of
/// different versions each call their own, and what is loaded under a name is never anything else.
struct function_library {
    std::string name;  ///< "kindred_<16 hex digits>"
    std::string text;  ///< what FUNCTION LOAD takes

    /// The name that FCALL takes: of "append", "acquire", ...
    std::string function(std::string_view named) const { return name + "_" + std::string(named); }
};

const function_library& functions();

}  // namespace kindred::store::redis
