#pragma once
#include <algorithm>
#include <string_view>

namespace kindred::runtime {

/// Of words in several languages, which each name theirs in `language`, those in this one ("es-MX" is Spanish), else
/// the first. `all` is not empty and outlives what is returned.
template <class AllWords>
const auto& words_in(const AllWords& all, std::string_view language) {
    const auto code = language.substr(0, language.find('-'));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.language == code; });
    return found == all.end() ? all.front() : *found;
}

}  // namespace kindred::runtime
