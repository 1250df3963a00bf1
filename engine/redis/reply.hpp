#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace kindred::redis {

enum class reply_kind : std::uint8_t { nothing = 1, text, status, number, list, refusal };

/// What a server answered to one command (RESP2).
struct reply {
    reply_kind kind = reply_kind::nothing;
    std::string text;         ///< of a text, a status and a refusal; any bytes
    std::int64_t number = 0;  ///< of a number
    std::vector<reply> list;

    bool is_refusal() const { return kind == reply_kind::refusal; }
    bool operator==(const reply&) const = default;
};

}  // namespace kindred::redis
