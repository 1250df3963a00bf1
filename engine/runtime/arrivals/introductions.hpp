#pragma once
#include "engine/runtime/arrivals/inquiries.hpp"
#include "engine/runtime/inputs.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kindred::runtime {

/// The sender of a record whom the provider can be asked about.
struct stranger {
    std::size_t record = 0;  ///< its place in the delivery
    identity who;
    channel::inquiry question;
};

std::vector<stranger> strangers_in(const channel_entry& via, const std::vector<channel::record>& records);

/// Asks about those of a delivery that was taken in who have no name on record, and hands what is said of them to
/// `to_intake`. Nothing waits for it: the contacts are on their way already. `from` must outlive the answers.
void introduce(inquiries& from, const channel_entry& via, const std::vector<stranger>& strangers,
               const std::vector<outcome>& outcomes, const std::function<bool(input)>& to_intake);

}  // namespace kindred::runtime
