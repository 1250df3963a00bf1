#pragma once
#include "engine/store/rows.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace kindred::store {

/// What lies in a site's inbox, and where. A failover may forget a place, and give it to something else: so what is
/// there is known by both.
struct inbox_place {
    std::uint64_t position = 0;
    unique_key key;

    bool operator==(const inbox_place&) const = default;
};

/// The position that ingest() gives what it did not take in: the inbox has no room until some of it is decided.
inline constexpr std::uint64_t no_room = ~std::uint64_t{0};

/// A part of a site's inbox.
struct inbox_page {
    std::vector<std::pair<std::uint64_t, inbound_item>> items;  ///< by position
    /// Whatever had been taken in up to here when this was asked is among them, or before, or has left the inbox.
    std::uint64_t read_to = 0;
};

/// The inbox as the node that leads sees it. From any thread, while it leads.
class site_inbox {
public:
    virtual ~site_inbox() = default;

    /// What any node took in behind `after` and has not left the inbox, by position, at most `most`; waits up to
    /// `patience` for the first. Whoever asks has each decided, under its key, and then says so: decided().
    virtual result<inbox_page> undecided(std::uint64_t after, std::size_t most, std::chrono::milliseconds patience) = 0;
    virtual result<void> decided(std::span<const inbox_place> places) = 0;
    /// The position of what was taken in last, by any node.
    virtual result<std::uint64_t> inbox_end() = 0;
    /// What this node took in while Redis was away is still on its way there: what comes now goes behind it, by
    /// ingest().
    virtual bool must_queue() const = 0;
    /// How many have not left it.
    virtual result<std::uint64_t> undecided_count() = 0;
};

}  // namespace kindred::store
