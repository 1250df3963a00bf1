#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::store::redis {

/// Some texts as one, each behind its length.
std::string with_lengths(std::initializer_list<std::string_view> parts);
/// The texts again; nothing when they are not so many.
std::optional<std::vector<std::string>> parts_of(std::string_view bytes, std::size_t count);

}  // namespace kindred::store::redis
