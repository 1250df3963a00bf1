#include "engine/store/batch_codec.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

// What decodes must encode to the same bytes: the log of commits is read after crashes, from whatever the disk has
// left.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view given(reinterpret_cast<const char*>(data), size);
    const auto read = kindred::store::decode_batch(given);
    if (!read) return 0;
    std::string again;
    kindred::store::encode(*read, again);
    // What an older program wrote is written in today's form.
    const bool of_today = given.front() == again.front();
    const auto reread = kindred::store::decode_batch(again);
    if (!reread || (of_today && again != given)) std::abort();
    std::string twice;
    kindred::store::encode(*reread, twice);
    if (twice != again) std::abort();
    return 0;
}
