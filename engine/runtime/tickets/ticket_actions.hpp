#pragma once
#include "engine/base/time.hpp"
#include "engine/channel/connector.hpp"
#include "engine/domain/ids.hpp"
#include "engine/store/rows.hpp"

#include <optional>
#include <string>
#include <vector>

/// What somebody does with a ticket, as values.
namespace kindred::runtime {

namespace action {
struct reply {
    std::string text;
    std::optional<channel::message_template> use_template = {};  ///< instead of the text
    std::vector<channel::outgoing_file> files = {};              ///< stored ones, without their bytes
};
struct note {
    std::string text;
};
struct resolve {
    std::string disposition;
};
struct reopen {};
struct end_wrap_up {};
struct transfer {
    std::string queue;
    agent_id agent;
    bool keep_requirements = true;
};
struct assign {
    agent_id agent;
};
struct snooze {
    time_point until;
};
/// The wrap-up lasts this long from now, at most what the rules allow.
struct extend_wrap_up {
    duration more{};
};
struct call_back {};
struct consult {
    agent_id agent;
};
struct end_consult {};
struct take_over {};
/// The other ticket goes on with both conversations; this one is over.
struct merge {
    ticket_id into;
};
/// Of a ticket that waits: by a hand it may fall, too.
struct set_priority {
    std::string name;  ///< as routing.yaml has it
};
/// Of the call: a customer who reads out a card's number must not be on record with it.
struct set_recording {
    bool paused = false;
};
/// Of the call: the customer waits and hears music, until the talk goes on.
struct set_hold {
    bool on_hold = false;
};
/// What could not be sent goes once more, by a hand.
struct send_again {
    std::uint32_t entry = 0;                ///< of the message
    std::vector<store::outbox_row> failed;  ///< its parts that have failed, as the store has them; at least one
};
}  // namespace action

}  // namespace kindred::runtime
