#pragma once
#include "engine/runtime/arrivals/inquiries.hpp"
#include "engine/runtime/inputs.hpp"

#include <functional>
#include <memory>

namespace kindred::runtime {

/// A request that a connector is to read, as of the time when it arrived.
struct reading {
    const channel_entry* via = nullptr;
    std::shared_ptr<const raw_request> raw;
    time_point arrived;
    bool stop_where_it_may_wait = false;  ///< the caller keeps what may wait (reception::asks_may_wait)
};

using read_done = std::function<void(result<channel::reception>)>;

/// What the connector says of the request with these answers. errc::unknown: a bug in it, with what it said.
result<channel::reception> read_once(const reading& what, const channel::inquiry_answers& known, time_point now);

/// Has the connector read the request, asks what it asks, and has it read again with the answers, in a bounded number
/// of rounds. `then` gets what it says without further questions, before this returns where nothing is asked or
/// everything is remembered, else on a thread of the client. `from` and `now` must outlive that.
void read_asking(inquiries& from, const clock& now, const reading& what, const read_done& then);

/// The same from a first read_once() on.
void read_on(inquiries& from, const clock& now, const reading& what, result<channel::reception> said,
             const read_done& then);

}  // namespace kindred::runtime
