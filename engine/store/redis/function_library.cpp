#include "engine/store/redis/function_library.hpp"

#include "engine/base/digest.hpp"

namespace kindred::store::redis {

extern const std::string_view kindred_lua;  // made of functions/kindred.lua by cmake/modules.cmake

namespace {

constexpr std::string_view stand_in = "LIBRARY";

function_library make() {
    function_library made;
    const auto digest = sha256(kindred_lua);
    made.name = "kindred_" + to_hex({reinterpret_cast<const char*>(digest.data()), 8});
    std::string body(kindred_lua);
    for (auto at = body.find(stand_in); at != std::string::npos; at = body.find(stand_in, at + made.name.size()))
        body.replace(at, stand_in.size(), made.name);
    made.text = "#!lua name=" + made.name + "\n" + body;
    return made;
}

}  // namespace

const function_library& functions() {
    static const function_library made = make();
    return made;
}

}  // namespace kindred::store::redis
