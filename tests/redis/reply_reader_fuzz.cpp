#include "engine/redis/refusal.hpp"
#include "engine/redis/reply_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

std::size_t size_of(const kindred::redis::reply& one) {
    auto size = one.text.size();
    for (const auto& each : one.list) size += size_of(each);
    return size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = 1 + bytes[0] % 32;
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    kindred::redis::reply_reader reader({4096, 1000});
    std::size_t seen = 0;
    for (std::size_t at = 0; at < text.size(); at += step) {
        if (!reader.take(text.substr(at, step))) return 0;
        while (true) {
            const auto next = reader.next();
            if (!next) return 0;
            if (!*next) break;
            seen += size_of(**next);
            const auto why = kindred::redis::refusal_of((*next)->text);
            (void)kindred::redis::remedy_for(why);
            if (const auto to = kindred::redis::redirection_of((*next)->text); to && to->slot >= 16384) std::abort();
            (void)kindred::redis::number_in((*next)->text);
        }
    }
    // Nothing is made up.
    if (seen > text.size()) std::abort();
    return 0;
}
