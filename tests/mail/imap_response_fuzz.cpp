#include "engine/mail/imap_response.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = 1 + bytes[0] % 32;
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    kindred::mail::imap_reader reader(4096);
    std::size_t seen = 0;
    for (std::size_t at = 0; at < text.size(); at += step) {
        if (!reader.take(text.substr(at, step))) return 0;
        while (const auto one = reader.next()) {
            seen += one->text.size();
            for (const auto& each : one->literals) seen += each.size();
            (void)one->word();
            (void)one->count_of("FETCH");
            (void)one->number_after("UID");
        }
    }
    // Nothing is made up: what comes out came in, but for the braces that stand for literals.
    if (seen > 2 * text.size() + 64) std::abort();
    return 0;
}
