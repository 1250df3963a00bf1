#pragma once
#include <array>
#include <optional>
#include <string_view>

namespace kindred {

/// What sort of conversation a channel carries. Costs, threading and re-opening depend on it.
enum class channel_kind { email = 1, chat, social, phone, forum, api };

inline constexpr std::array all_channel_kinds{channel_kind::email, channel_kind::chat,  channel_kind::social,
                                              channel_kind::phone, channel_kind::forum, channel_kind::api};

std::string_view name_of(channel_kind kind);
std::optional<channel_kind> channel_kind_named(std::string_view name);

}  // namespace kindred
