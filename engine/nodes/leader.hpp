#pragma once
#include <cstdint>
#include <string>

namespace kindred::nodes {

/// Who leads the site, as this node knows it.
struct leader {
    std::uint64_t term = 0;  ///< rises with each that leads
    std::string node;
    std::string address;  ///< where other nodes reach it; may be empty
    std::string key;      ///< of passes
    bool here = false;    ///< it is this node

    bool operator==(const leader&) const = default;
};

}  // namespace kindred::nodes
