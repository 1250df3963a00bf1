#pragma once
#include "engine/channel/record.hpp"
#include "engine/domain/customer.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::runtime {

/// What the writer probably still has in memory of those who wrote lately, so that intake need not look it up in the
/// store. It is a hint: the writer checks, and sends back what it has no longer. Bounded. Thread-safe.
class at_hand {
public:
    /// `capacity`: about so many conversations are remembered, those not asked for the longest leave first.
    explicit at_hand(std::size_t capacity = 131'072) : half_(capacity / 2) {}

    /// The writer has this customer, and whatever ticket is open in this conversation.
    void add(std::string_view channel, const channel::record& happened, const customer& sender);
    /// It has them no longer.
    void forget(std::string_view channel, const channel::record& happened);

    /// The sender's language where all that a look-up would bring is at hand; none: look it up.
    std::optional<std::string> language_of_sender(std::string_view channel, const channel::record& happened);

private:
    // Hashes stand for what they are of: where two share one, the writer sends a delivery back that it cannot take.
    struct sender {
        std::string language;
        std::array<std::size_t, 4> identities{};  ///< those beyond are looked up
    };
    using table = boost::unordered_flat_map<std::size_t, sender>;  ///< by channel and conversation
    /// Who spoke last in this conversation, or null. What is asked for stays.
    const sender* find(std::size_t conversation);

    const std::size_t half_;
    std::mutex mutex_;
    table young_;
    table old_;
};

}  // namespace kindred::runtime
