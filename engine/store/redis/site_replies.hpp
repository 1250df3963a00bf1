#pragma once
#include "engine/base/error.hpp"
#include "engine/redis/refusal.hpp"
#include "engine/redis/reply.hpp"
#include "engine/store/rows.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How what a site has in Redis is named and read, for the parts of site_log alone.
namespace kindred::store::redis {

inline constexpr std::array<std::string_view, 4> key_sets{"keys:0", "keys:1", "keys:2", "keys:3"};

/// What the sets of used keys have of one.
std::string digest_of(const unique_key& key);
/// What a refusal means for whoever asked.
errc code_of(kindred::redis::refusal why);
/// Redis said something that no function of ours says.
error odd(std::string_view what);
/// 0 where it is none.
std::uint64_t number_of(const kindred::redis::reply& from);
/// The number before the dash of a stream's id.
std::uint64_t id_number(const std::string& id);
/// The field of a stream's entry; null: it has none of that name.
const std::string* field_of(const std::vector<kindred::redis::reply>& fields, std::string_view name);
/// What XREAD found in that stream.
result<std::vector<kindred::redis::reply>> entries_in(kindred::redis::reply answer, std::string_view stream);

}  // namespace kindred::store::redis
