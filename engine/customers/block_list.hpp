#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::customers {

/// Somebody whose messages are not taken in.
struct block {
    std::string identity;  ///< "phone:+34...", "email:a@b", "email:*@b" for a whole domain
    std::string by;        ///< "agent:ann"
    std::string reason;
    time_point at;
    std::optional<time_point> until;  ///< none: until lifted

    bool operator==(const block&) const = default;
};

std::string to_json(const block& given);
/// errc::corrupt when it is not what to_json() wrote.
result<block> block_from_json(std::string_view text);

/// "email:*@example.com" of a mail address' identity; empty for every other.
std::string domain_of(std::string_view identity);

/// Everybody who is blocked. Not thread-safe.
class block_list {
public:
    void put(block given);
    /// False when there was none.
    bool lift(std::string_view identity);
    /// The block that holds for this identity at `now`, or null.
    const block* find(std::string_view identity, time_point now) const;
    std::size_t size() const { return blocks_.size(); }

private:
    std::map<std::string, block, std::less<>> blocks_;  ///< by identity
};

}  // namespace kindred::customers
