#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/domain/channel_kind.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::customers {

/// "Do not write to me": said by a customer (STOP, a complaint) or noted by the centre.
struct do_not_contact {
    std::string subject;               ///< an identity ("phone:+34..."), or "customer:<number>"
    std::optional<channel_kind> kind;  ///< none: whatever the channel
    bool answers_allowed = false;      ///< an agent may still answer what the customer writes afterwards
    std::string by;                    ///< "customer", "agent:ann", "crm:shop"
    std::string reason;                ///< for people
    time_point at;
    std::optional<time_point> until;  ///< none: until lifted

    bool operator==(const do_not_contact&) const = default;
};

/// The name under which it is stored: one for each subject and kind.
std::string key_of(const do_not_contact& stop);
/// The stored names of everything about one subject begin with this.
std::string key_prefix_of(std::string_view subject);
std::string to_json(const do_not_contact& stop);
/// errc::corrupt when it is not what to_json() wrote.
result<do_not_contact> do_not_contact_from_json(std::string_view text);

/// What somebody wants to send, as far as consent goes.
struct wish_to_send {
    std::vector<std::string> subjects;  ///< of the receiver
    channel_kind kind = channel_kind::api;
    bool automatic = false;
    std::optional<time_point> answers;  ///< when the customer wrote what is answered
};

/// Everybody who must not be written to. Not thread-safe.
class consent_book {
public:
    /// Takes the place of an earlier one of the same subject and kind.
    void put(do_not_contact stop);
    /// False when there was none.
    bool lift(std::string_view key);
    /// Whatever forbids it at `now`; null when nothing does. Valid until the next change.
    const do_not_contact* forbids(const wish_to_send& wish, time_point now) const;
    std::vector<do_not_contact> of(std::string_view subject) const;
    std::size_t size() const { return stops_.size(); }

private:
    std::map<std::string, do_not_contact, std::less<>> stops_;  ///< by key_of()
};

}  // namespace kindred::customers
