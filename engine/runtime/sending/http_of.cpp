#include "engine/runtime/sending/http_of.hpp"

#include <utility>

namespace kindred::runtime {

http::http_call http_of(channel::provider_call wanted) {
    http::http_call made;
    made.method = std::move(wanted.method);
    made.url = std::move(wanted.url);
    made.headers = std::move(wanted.headers);
    made.body = std::move(wanted.body);
    made.user = std::move(wanted.user);
    made.password = std::move(wanted.password);
    return made;
}

}  // namespace kindred::runtime
