#pragma once
#include "engine/base/time.hpp"
#include "engine/dispatch/slot_heap.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>

namespace kindred::dispatch {

/// Whose timer it is, in the order in which timers due at the same moment fire.
enum class timer_owner : std::uint8_t { offer = 0, ticket, agent, queue };

/// The one ordered structure of everything that will be due: at most one moment per owner, the owner's next.
class timers {
public:
    struct due_timer {
        time_point at;
        timer_owner owner;
        slot_no slot;
    };

    /// Arms, moves or (nothing) disarms the owner's timer. `rank` orders owners of one kind that are due together.
    void set(timer_owner owner, slot_no slot, std::uint64_t rank, std::optional<time_point> at) {
        const slot_no handle = slot * owners + static_cast<slot_no>(owner);
        const std::uint32_t place = places_[static_cast<std::size_t>(owner)].of(slot);
        if (!at) {
            if (place != no_slot) heap_.erase(handle, places_of_handles{places_});
            return;
        }
        const key wanted{*at, owner, rank};
        if (place == no_slot) {
            heap_.push(wanted, handle, places_of_handles{places_});
        } else if (heap_.at(place).key != wanted) {
            heap_.change(handle, wanted, places_of_handles{places_});
        }
    }

    std::optional<due_timer> earliest() const {
        if (heap_.empty()) return std::nullopt;
        const auto& top = heap_.top();
        return due_timer{top.key.at, top.key.owner, top.slot / owners};
    }

private:
    static constexpr slot_no owners = 4;
    struct key {
        time_point at;
        timer_owner owner;
        std::uint64_t rank;
        auto operator<=>(const key&) const = default;
    };
    using places_by_owner = std::array<heap_places, owners>;
    struct places_of_handles {
        places_by_owner& places;
        std::uint32_t& operator[](slot_no handle) { return places[handle % owners][handle / owners]; }
    };
    slot_heap<key> heap_;
    places_by_owner places_;
};

}  // namespace kindred::dispatch
