#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// One thing that somebody may do or not. Their names are stored and part of the API: never renamed.
enum class permission : std::uint8_t {
    tickets_read,      ///< tickets, what was said in them, their files, scripts and articles
    tickets_work,      ///< be available, take offers, answer, note, resolve, hand on, begin contacts
    tickets_others,    ///< work on tickets that somebody else holds, listen and whisper
    tickets_reassign,  ///< give tickets to somebody, set their priority
    contacts_write,    ///< bring contacts in over the API
    customers_read,    ///< profiles, journeys, notes, consent
    customers_write,   ///< attributes, events, notes, pins, consent, joining two who are one
    customers_manage,  ///< notes of others; searching for customers who are there twice
    customers_import,
    customers_export,
    customers_erase,
    queues_read,       ///< the wall: queues, agents, incidents
    queues_control,    ///< close and open queues, give notices
    incidents_manage,  ///< open, link, answer and resolve incidents
    presence_others,   ///< say for others whether they are available
    reports_read,      ///< reports, coverage, what staffing would do
    rules_read,        ///< rules in force and before; check, explain, test and backtest drafts
    rules_activate,    ///< put rules in force, take them back
    channels_read,     ///< channels, their deliveries, who is blocked
    channels_manage,   ///< quarantine, events to other systems, trying channels
    senders_block,
    people_read,  ///< accounts and roles
    people_manage,
    roles_manage,
    tokens_read,
    tokens_manage,
    audit_read,
};

/// A permission's name and what it cannot be without.
struct permission_row {
    permission one;
    std::string_view name;            ///< "tickets.read"
    std::optional<permission> needs;  ///< whoever has this one has that one too
};

/// Every permission there is, in the order in which they are shown.
std::span<const permission_row> all_permissions();
std::string_view name_of(permission one);
std::optional<permission> permission_named(std::string_view name);

/// Some of the permissions.
class permission_set {
public:
    constexpr permission_set() = default;
    constexpr permission_set(permission one)
        : bits_(std::uint64_t{1} << static_cast<unsigned>(one)) {}  // NOLINT: a set of one
    static permission_set all();

    constexpr bool empty() const { return bits_ == 0; }
    constexpr bool has(permission one) const { return overlaps(one); }
    constexpr bool overlaps(permission_set other) const { return (bits_ & other.bits_) != 0; }
    constexpr bool includes(permission_set other) const { return (other.bits_ & ~bits_) == 0; }
    constexpr permission_set operator|(permission_set other) const { return permission_set(bits_ | other.bits_); }
    constexpr permission_set without(permission_set other) const { return permission_set(bits_ & ~other.bits_); }
    bool operator==(const permission_set&) const = default;

    /// In the order of all_permissions().
    std::vector<std::string_view> names() const;
    /// "tickets.read, tickets.work"; `between` stands before the last one in place of a comma: " or ".
    std::string text(std::string_view between = ", ") const;

private:
    constexpr explicit permission_set(std::uint64_t bits) : bits_(bits) {}
    std::uint64_t bits_ = 0;
};

constexpr permission_set operator|(permission one, permission other) {
    return permission_set(one) | permission_set(other);
}

/// The first permission of the set that lacks what it needs, with what that is.
std::optional<permission_row> lacking_in(permission_set given);

}  // namespace kindred::runtime
