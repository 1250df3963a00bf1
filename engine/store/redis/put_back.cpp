#include "engine/store/redis/put_back.hpp"

#include "engine/store/batch_codec.hpp"

#include <algorithm>

namespace kindred::store::redis {
namespace {

using undecided_items = std::vector<std::pair<std::uint64_t, inbound_item>>;

/// The number of a position that Redis forgot may be another item's by now: only what this batch decided may leave the
/// inbox with it.
void keep_its_own(batch& changes, const undecided_items& there) {
    std::erase_if(changes.consumed, [&](std::uint64_t position) {
        const auto item =
            std::find_if(there.begin(), there.end(), [&](const auto& each) { return each.first == position; });
        if (item == there.end()) return true;
        return std::none_of(changes.keys.begin(), changes.keys.end(),
                            [&](const key_row& used) { return used.key == item->second.key; });
    });
    // And what it decided may have been taken in again, at another position.
    for (const auto& [position, item] : there) {
        const bool decided = std::any_of(changes.keys.begin(), changes.keys.end(),
                                         [&](const key_row& used) { return used.key == item.key; });
        const auto& consumed = changes.consumed;
        if (decided && std::find(consumed.begin(), consumed.end(), position) == consumed.end())
            changes.consumed.push_back(position);
    }
}

std::uint64_t contacts_in(const batch& changes) {
    const auto& all = changes.entries;
    return static_cast<std::uint64_t>(
        std::count_if(all.begin(), all.end(), [](const entry_row& each) { return each.kind == "contact"; }));
}

/// Keys of message ids that later mail may refer to have a "#" in their space, and lead there as well.
bool led_to_contact(const key_row& used, const batch& changes) {
    if (used.key.space.find('#') != std::string::npos) return false;
    return std::any_of(changes.entries.begin(), changes.entries.end(), [&](const entry_row& each) {
        return each.kind == "contact" && each.ticket == used.ticket && each.number == used.entry;
    });
}

errc code_of(const append_outcome& outcome) {
    if (outcome.what.state == commit_state::fenced && !outcome.is_out_of_order) return errc::fenced;
    return outcome.what.state == commit_state::unknown ? errc::unknown : errc::unavailable;
}

}  // namespace

result<std::vector<unique_key>> unknown_contacts(site_log& in, std::span<const log_record> of) {
    std::vector<unique_key> keys;
    for (const auto& each : of) {
        const auto changes = decode_batch(each.bytes);
        if (!changes) return changes.error();
        for (const auto& used : changes->keys)
            if (led_to_contact(used, *changes)) keys.push_back(used.key);
    }
    constexpr std::size_t at_once = 1'000;
    std::vector<unique_key> unknown;
    for (std::size_t first = 0; first < keys.size(); first += at_once) {
        const auto some = std::span(keys).subspan(first, std::min(at_once, keys.size() - first));
        const auto known = in.are_known(some);
        if (!known) return known.error();
        for (std::size_t i = 0; i < some.size(); ++i)
            if (!(*known)[i]) unknown.push_back(some[i]);
    }
    return unknown;
}

result<put_back_batches> put_back(site_log& in, const lease_token& token, const log_end& from,
                                  std::span<const log_record> lost) {
    const auto there = in.undecided();
    if (!there) return there.error();
    put_back_batches done{from, 0};
    for (const auto& each : lost) {
        auto changes = decode_batch(each.bytes);
        if (!changes) return changes.error();
        keep_its_own(*changes, *there);
        const auto outcome = in.append(token, done.end, *changes);
        if (outcome.what.state != commit_state::committed) return fail(code_of(outcome), outcome.what.reason);
        done.end = {each.seq, each.id};
        done.contacts += contacts_in(*changes);
    }
    return done;
}

}  // namespace kindred::store::redis
