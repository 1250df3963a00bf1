#include "engine/channel/request_size.hpp"

namespace kindred::channel {

std::size_t most_request_bytes(channel_kind kind) {
    return kind == channel_kind::email ? std::size_t{25} << 20U : std::size_t{3} << 20U;
}

reception refuse_too_large() { return reception::refuse(413, "too_large", "the request is too large"); }

reception receive_within_limit(channel_kind kind, const connector& by, const request& arrived, time_point now) {
    if (arrived.body.size() > most_request_bytes(kind)) return refuse_too_large();
    return by.receive(arrived, now);
}

}  // namespace kindred::channel
