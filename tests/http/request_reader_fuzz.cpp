#include "engine/http/request_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using kindred::http::request_reader;
using progress = request_reader::progress;

constexpr std::size_t body_limit = 40'000;

void require(bool holds) {
    if (!holds) std::abort();
}

/// All that was read from bytes fed in pieces of one size, in words that can be compared.
std::string read_in_pieces(std::string_view bytes, std::size_t piece) {
    request_reader reader;
    std::string told;
    while (!bytes.empty()) {
        const auto space = reader.space();
        require(!space.empty());
        const auto size = std::min({piece, space.size(), bytes.size()});
        std::memcpy(space.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        reader.received(size);
        for (auto state = reader.advance(); state != progress::need_more; state = reader.advance()) {
            if (state == progress::head_complete) state = reader.allow_body(body_limit);
            if (state == progress::need_more) break;
            if (state == progress::refused) return told + "refused";
            const auto& asked = reader.current();
            require(asked.body.size() <= body_limit && asked.headers.size() <= 100 && !asked.path.empty());
            told.append(asked.method).append(asked.path).append(asked.query).append(asked.body);
            for (const auto& field : asked.headers) told.append(field.name).append(field.value);
            reader.next();
        }
    }
    return told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    // Two readers that cut the stream differently must see the same requests, or one of them can be smuggled past.
    const auto whole = read_in_pieces(bytes, bytes.size());
    const auto parts = read_in_pieces(bytes, size % 9 + 1);
    // An incomplete header may be refused earlier when it comes whole.
    require(whole == parts || whole == parts + "refused" || parts == whole + "refused");
    return 0;
}
