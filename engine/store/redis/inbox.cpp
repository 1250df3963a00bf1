#include "engine/store/redis/redis_store.hpp"

/// What is taken in and not decided: for who decides it, and for who brings the same again.
namespace kindred::store::redis {

result<std::vector<ingest_outcome>> redis_store::ingest(std::span<const inbound_item> items) {
    auto placed = intake_.ingest(items);
    if (!placed) return placed;
    // Who follows does not hear when they are decided, and nobody asks it.
    const std::lock_guard hold(inbox_mutex_);
    for (std::size_t i = 0; leads_ && !inbox_is_read_ && i < items.size(); ++i)
        if ((*placed)[i].position != 0 && (*placed)[i].position != no_room)
            undecided_.add((*placed)[i].position, items[i]);
    return placed;
}

result<inbox_page> redis_store::undecided(std::uint64_t after, std::size_t most, std::chrono::milliseconds patience) {
    {
        // From here on whoever asks decides them: their keys tell who was first, and until then nobody was.
        const std::lock_guard hold(inbox_mutex_);
        if (!inbox_is_read_) undecided_.replace({});
        inbox_is_read_ = true;
    }
    // What this node took in itself, as it may while it leads, too, is looked for where nobody follows.
    look_for_lost_items();
    auto found = inbox_.undecided(after, most, patience);
    // Over another connection it is perhaps another server, where something lies before the place up to which the one
    // before was read: two masters give places at the same time while one has not heard that it was replaced.
    for (auto made = inbox_.connection().connects(); found && inbox_connects_ != made;
         made = inbox_.connection().connects()) {
        inbox_connects_ = made;
        if (after != 0) found = inbox_.undecided(0, most, std::chrono::milliseconds{0});
    }
    return found;
}

result<std::vector<prefetched>> redis_store::prefetch(std::span<const prefetch_query> wanted) {
    auto found = copy().prefetch(wanted);
    if (!found) return found;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (!(*found)[i].seen) (*found)[i].seen = undecided_.find(wanted[i].key);
    return found;
}

std::optional<std::uint64_t> redis_store::surely_unused(const unique_key& key) const {
    const auto as_of = copy().surely_unused(key);
    return as_of && undecided_.find(key) ? std::nullopt : as_of;
}

result<std::optional<key_row>> redis_store::find_key(const unique_key& key) {
    auto found = copy().find_key(key);
    if (found && !*found) *found = undecided_.find(key);
    return found;
}

}  // namespace kindred::store::redis
