#include "engine/runtime/arrivals/at_hand.hpp"

#include "engine/base/mixed_hash.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

std::size_t hash_of(const identity& each) { return std::hash<std::string>{}(each.text); }

/// Whether customer and conversation are all that the store would be asked for, but the key.
bool asks_for_no_more(const channel::record& happened) {
    const bool contact =
        happened.kind == channel::record_kind::message || happened.kind == channel::record_kind::postback;
    return contact && happened.references.empty() && happened.ticket.empty() && !happened.identities.empty() &&
           !happened.conversation.empty();
}

}  // namespace

void at_hand::add(std::string_view channel, const channel::record& happened, const customer& sender) {
    if (!asks_for_no_more(happened)) return;
    at_hand::sender known{sender.language};
    const auto few = std::min(sender.identities.size(), known.identities.size());
    for (std::size_t i = 0; i < few; ++i) known.identities.at(i) = hash_of(sender.identities[i]);
    const std::lock_guard hold(mutex_);
    if (young_.size() >= half_) {
        old_ = std::move(young_);
        young_.clear();
    }
    young_.insert_or_assign(mixed_hash(channel, happened.conversation), std::move(known));
}

void at_hand::forget(std::string_view channel, const channel::record& happened) {
    const auto key = mixed_hash(channel, happened.conversation);
    const std::lock_guard hold(mutex_);
    young_.erase(key);
    old_.erase(key);
}

std::optional<std::string> at_hand::language_of_sender(std::string_view channel, const channel::record& happened) {
    if (!asks_for_no_more(happened)) return std::nullopt;
    const auto key = mixed_hash(channel, happened.conversation);
    const std::lock_guard hold(mutex_);
    const auto* known = find(key);
    if (known == nullptr) return std::nullopt;
    const auto is_theirs = [&](const identity& each) {
        return std::find(known->identities.begin(), known->identities.end(), hash_of(each)) != known->identities.end();
    };
    const bool all = std::all_of(happened.identities.begin(), happened.identities.end(), is_theirs);
    return all ? std::optional(known->language) : std::nullopt;
}

const at_hand::sender* at_hand::find(std::size_t conversation) {
    if (const auto found = young_.find(conversation); found != young_.end()) return &found->second;
    const auto found = old_.find(conversation);
    if (found == old_.end()) return nullptr;
    auto* kept = &young_.emplace(conversation, std::move(found->second)).first->second;
    old_.erase(found);
    return kept;
}

}  // namespace kindred::runtime
