#include "engine/runtime/arrivals/at_hand.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

std::string key_of(std::string_view channel, std::string_view conversation) {
    std::string key;
    key.reserve(channel.size() + conversation.size() + 1);
    key += channel;
    key += '\0';
    key += conversation;
    return key;
}

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
    auto key = key_of(channel, happened.conversation);
    const std::lock_guard hold(mutex_);
    if (young_.size() >= half_) {
        old_ = std::move(young_);
        young_.clear();
    }
    young_.insert_or_assign(std::move(key), at_hand::sender{sender.language, sender.identities});
}

void at_hand::forget(std::string_view channel, const channel::record& happened) {
    const auto key = key_of(channel, happened.conversation);
    const std::lock_guard hold(mutex_);
    young_.erase(key);
    old_.erase(key);
}

std::optional<std::string> at_hand::language_of_sender(std::string_view channel, const channel::record& happened) {
    if (!asks_for_no_more(happened)) return std::nullopt;
    const auto key = key_of(channel, happened.conversation);
    const std::lock_guard hold(mutex_);
    const auto* known = find(key);
    if (known == nullptr) return std::nullopt;
    const auto is_theirs = [&](const identity& each) {
        return std::any_of(known->identities.begin(), known->identities.end(),
                           [&](const identity& own) { return own.text == each.text; });
    };
    const bool all = std::all_of(happened.identities.begin(), happened.identities.end(), is_theirs);
    return all ? std::optional(known->language) : std::nullopt;
}

const at_hand::sender* at_hand::find(const std::string& conversation) {
    if (const auto found = young_.find(conversation); found != young_.end()) return &found->second;
    const auto found = old_.find(conversation);
    if (found == old_.end()) return nullptr;
    return &young_.insert(old_.extract(found)).position->second;
}

}  // namespace kindred::runtime
