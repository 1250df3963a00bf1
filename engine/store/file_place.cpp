#include "engine/store/file_place.hpp"

#include "engine/base/digest.hpp"

#include <algorithm>

namespace kindred::store {

std::string file_name_of(std::string_view bytes) {
    const auto digest = sha256(bytes);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool is_file_name(std::string_view name) {
    return name.size() == 64 && std::all_of(name.begin(), name.end(), [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
           });
}

result<std::string> file_place::put(std::string_view bytes) {
    auto name = file_name_of(bytes);
    if (auto done = put(name, bytes); !done) return done.error();
    return name;
}

}  // namespace kindred::store
