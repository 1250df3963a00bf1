#include "engine/store/redis/item_codec.hpp"

#include "engine/base/id.hpp"
#include "engine/store/redis/lengths.hpp"

namespace kindred::store::redis {

std::string encode_item(const inbound_item& item) {
    return with_lengths({item.key.space, item.key.id, std::to_string(to_millis(item.at)), item.payload});
}

std::optional<inbound_item> decode_item(std::string_view bytes) {
    auto parts = parts_of(bytes, 4);
    const auto millis = parts ? parse_number((*parts)[2]) : std::nullopt;
    if (!millis) return std::nullopt;
    return inbound_item{
        {(*parts)[0], (*parts)[1]}, from_millis(static_cast<std::int64_t>(*millis)), std::move((*parts)[3])};
}

}  // namespace kindred::store::redis
