#include "engine/http/client_address.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <ranges>

namespace kindred::http {

std::string_view client_address(const request& asked, const std::vector<std::string>& trusted_proxies) {
    const auto is_trusted = [&](std::string_view address) {
        return std::ranges::find(trusted_proxies, address) != trusted_proxies.end();
    };
    std::string_view nearest = asked.peer;
    for (const auto& field : asked.headers | std::views::reverse) {
        if (!equal_ignoring_case(field.name, "x-forwarded-for")) continue;
        for (const auto each : split(field.value, ',') | std::views::reverse) {
            if (!is_trusted(nearest)) return nearest;
            if (const auto address = trim(each); !address.empty()) nearest = address;
        }
    }
    return nearest;
}

}  // namespace kindred::http
