#include "engine/channel/provider_host.hpp"

#include "engine/base/text.hpp"

namespace kindred::channel {

bool is_below(std::string_view url, std::string_view base) {
    return !base.empty() && url.size() > base.size() && url.starts_with(base) && url[base.size()] == '/';
}

bool is_https_within(std::string_view url, std::string_view domain) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return false;
    url.remove_prefix(scheme.size());
    const auto host = to_lower_ascii(url.substr(0, url.find_first_of("/?#\\")));
    if (host.find_first_of("@:%") != std::string::npos) return false;
    return host == domain || host.ends_with('.' + std::string(domain));
}

}  // namespace kindred::channel
