#pragma once
#include "engine/domain/customer.hpp"

#include <string>
#include <vector>

namespace kindred::channel {

/// What a provider says of somebody who has written, when it is asked. Empty members: it does not say.
struct introduction {
    std::string name;
    std::string language;                ///< tag of BCP 47
    std::vector<identity> identities{};  ///< further ones that the provider vouches for
};

}  // namespace kindred::channel
