#include "engine/api/password.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <argon2.h>

#include <stdexcept>
#include <vector>

namespace kindred::api {
namespace {

constexpr std::uint32_t passes = 2;
constexpr std::uint32_t memory_kib = 19'456;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

}  // namespace

result<void> check_new_password(std::string_view password) {
    if (count_code_points(password) < shortest_password)
        return fail(errc::invalid, "password: wants at least 10 characters");
    if (password.size() > longest_password) return fail(errc::invalid, "password: wants at most 1024 bytes");
    return {};
}

std::string hash_password(std::string_view password) {
    const auto salt = random_bytes(salt_bytes);
    std::vector<char> encoded(argon2_encodedlen(passes, memory_kib, lanes, salt_bytes, hash_bytes, Argon2_id));
    const int failed = argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(), salt.data(),
                                             salt.size(), hash_bytes, encoded.data(), encoded.size());
    if (failed != ARGON2_OK)
        throw std::runtime_error(std::string("a password cannot be hashed: ") + argon2_error_message(failed));
    return encoded.data();
}

bool password_matches(const std::string& encoded, std::string_view password) {
    return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

void waste_a_check(std::string_view password) {
    static const std::string nobody = hash_password("nobody has this password");
    (void)password_matches(nobody, password);
}

}  // namespace kindred::api
