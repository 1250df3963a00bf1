#include "engine/channel/file_rules.hpp"

#include <algorithm>
#include <string>

namespace kindred::channel {
namespace {

/// "5.1 MB", as people and providers write it; rounded up, so that what is over a limit reads so.
std::string readable(std::int64_t bytes) {
    constexpr std::int64_t kilo = 1'000;
    constexpr std::int64_t mega = kilo * kilo;
    if (bytes < mega) return std::to_string((bytes + kilo - 1) / kilo) + " kB";
    const auto tenths = (bytes * 10 + mega - 1) / mega;
    return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " MB";
}

std::string types_of(std::span<const file_limit> limits) {
    std::string named;
    for (const auto& each : limits) named.append(named.empty() ? "" : ", ").append(each.type);
    return named;
}

std::string about(const outgoing_file& file) { return "attachments: \"" + file.name + "\" "; }

result<void> check_file(const abilities& can, std::string_view name, const outgoing_file& file) {
    if (can.file_limits.empty()) return {};
    const auto found = std::find_if(can.file_limits.begin(), can.file_limits.end(),
                                    [&](const file_limit& each) { return fits_type(each.type, file.type); });
    if (found == can.file_limits.end())
        return fail(errc::invalid, about(file) + "is " + file.type + "; " + std::string(name) + " takes " +
                                       types_of(can.file_limits) + ": write a link into the text");
    if (found->most_bytes > 0 && file.size > found->most_bytes)
        return fail(errc::too_large, about(file) + "has " + readable(file.size) + "; " + std::string(name) + " takes " +
                                         std::string(found->type) + " of at most " + readable(found->most_bytes));
    return {};
}

}  // namespace

bool fits_type(std::string_view pattern, std::string_view type) {
    if (pattern == "*") return true;
    if (pattern.ends_with("/*")) return type.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == type;
}

result<void> check_files(const abilities& can, std::string_view name, std::span<const outgoing_file> files) {
    if (files.empty()) return {};
    if (!can.files)
        return fail(errc::invalid,
                    "attachments: " + std::string(name) + " cannot send files; write a link into the text");
    std::int64_t together = 0;
    for (const auto& each : files) {
        if (auto fine = check_file(can, name, each); !fine) return fine;
        together += std::max<std::int64_t>(each.size, 0);
    }
    if (can.most_file_bytes > 0 && together > can.most_file_bytes)
        return fail(errc::too_large, "attachments: have " + readable(together) + " together; " + std::string(name) +
                                         " takes at most " + readable(can.most_file_bytes) + " with one message");
    return {};
}

}  // namespace kindred::channel
