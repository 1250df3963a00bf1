#pragma once
#include "engine/insight/placements.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::insight {

/// What a stored contact is about: what it says itself, or else what was understood of it. Empty: it is not known.
std::string intent_in(std::string_view contact);
/// The same of its language: "es-MX", "es". Empty: it is not known.
std::string locale_in(std::string_view contact);

/// Tickets that were opened, by what their customers' groups write about and through which channels. Lines are told in
/// the order in which they came.
class group_topics {
public:
    struct topics {
        std::map<std::string, std::uint64_t> channels;
        std::map<std::string, std::uint64_t> intents;  ///< of the contacts whose intent is known
    };

    void contact(ticket_id ticket, std::string_view channel, std::string_view json);
    /// `placements` knows the placement, now and in finish(). Only the decision right behind a contact counts: later
    /// ones are about the same ticket again.
    void decided(ticket_id ticket, std::uint32_t placement);
    /// By dimension and group.
    std::map<std::pair<std::string, std::string>, topics> finish(const placement_table& placements) const;

private:
    struct way {
        std::uint32_t placement;
        std::uint32_t channel;
        std::uint32_t intent;
        auto operator<=>(const way&) const = default;
    };

    name_table names_;
    ticket_id last_;
    std::uint32_t channel_ = 0;
    std::uint32_t intent_ = 0;
    std::map<way, std::uint64_t> opened_;  ///< few: groups, channels and intents have names of the admin's choice
};

}  // namespace kindred::insight
