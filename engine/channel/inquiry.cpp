#include "engine/channel/inquiry.hpp"

#include "engine/base/text.hpp"

namespace kindred::channel {

std::string_view inquiry_answer::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (equal_ignoring_case(known, name)) return value;
    return {};
}

}  // namespace kindred::channel
