#include "engine/runtime/journal.hpp"

#include <array>
#include <cstring>

namespace kindred::runtime {

void append_journal(std::string& out, time_point at, std::string_view encoded) {
    const std::int64_t millis = to_millis(at);
    const auto size = static_cast<std::uint32_t>(encoded.size());
    std::array<char, 12> head{};
    std::memcpy(head.data(), &millis, 8);
    std::memcpy(head.data() + 8, &size, 4);
    out.append(head.data(), head.size());
    out += encoded;
}

result<void> read_journal(std::string_view bytes,
                          const std::function<result<void>(time_point, std::string_view)>& each) {
    while (!bytes.empty()) {
        std::int64_t millis = 0;
        std::uint32_t size = 0;
        if (bytes.size() < 12) return fail(errc::corrupt, "a journal record is cut short");
        std::memcpy(&millis, bytes.data(), 8);
        std::memcpy(&size, bytes.data() + 8, 4);
        bytes.remove_prefix(12);
        if (bytes.size() < size) return fail(errc::corrupt, "a journal record is cut short");
        if (auto visited = each(from_millis(millis), bytes.substr(0, size)); !visited) return visited;
        bytes.remove_prefix(size);
    }
    return {};
}

}  // namespace kindred::runtime
