#include "engine/store/sqlite/lookup_hash.hpp"

#include "engine/base/digest.hpp"

#include <cstring>
#include <string>

namespace kindred::store::sqlite {

lookup_hash lookup_hash_of(std::string_view space, std::string_view id) {
    std::string text;
    text.reserve(space.size() + 1 + id.size());
    text.append(space).append(1, '\0').append(id);
    const auto digest = sha256(text);
    lookup_hash made;
    std::memcpy(made.bytes.data(), digest.data(), made.bytes.size());
    return made;
}

}  // namespace kindred::store::sqlite
