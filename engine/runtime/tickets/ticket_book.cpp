#include "engine/runtime/tickets/ticket_book.hpp"

#include <array>
#include <cstring>

namespace kindred::runtime {
namespace {

constexpr char state_version = 1;

void put_text(std::string& out, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    std::array<char, sizeof size> bytes{};
    std::memcpy(bytes.data(), &size, sizeof size);
    out.append(bytes.data(), bytes.size());
    out += text;
}

bool take_text(std::string_view& from, std::string_view& text) {
    std::uint32_t size = 0;
    if (from.size() < sizeof size) return false;
    std::memcpy(&size, from.data(), sizeof size);
    from.remove_prefix(sizeof size);
    if (from.size() < size) return false;
    text = from.substr(0, size);
    from.remove_prefix(size);
    return true;
}

}  // namespace

std::string pack_state(const ticket& held, std::string_view dispatch_bytes) {
    std::string out;
    out.reserve(1 + 16 + 16 + dispatch_bytes.size() + held.context.size() + held.decision.size());
    out += state_version;
    const std::int64_t since = to_millis(held.waiting_since);
    std::array<char, 16> numbers{};
    std::memcpy(numbers.data(), &held.last_agent.value, 8);
    std::memcpy(numbers.data() + 8, &since, 8);
    out.append(numbers.data(), numbers.size());
    put_text(out, dispatch_bytes);
    put_text(out, held.context);
    put_text(out, held.decision);
    put_text(out, held.customer_name);
    return out;
}

result<ticket> unpack(const store::ticket_row& row, std::string_view& dispatch_bytes) {
    const auto broken = [&] {
        return fail(errc::corrupt, "the state of ticket " + to_string(row.id) + " is not readable");
    };
    std::string_view from = row.state;
    if (from.size() < 17 || from.front() != state_version) return broken();
    ticket held;
    std::int64_t since = 0;
    std::memcpy(&held.last_agent.value, from.data() + 1, 8);
    std::memcpy(&since, from.data() + 9, 8);
    held.waiting_since = from_millis(since);
    from.remove_prefix(17);
    std::string_view context;
    std::string_view decision;
    std::string_view name;
    if (!take_text(from, dispatch_bytes) || !take_text(from, context) || !take_text(from, decision) ||
        !take_text(from, name) || !from.empty())
        return broken();
    held.id = row.id;
    held.status = row.status;
    held.customer = row.customer;
    held.holder = row.holder;
    held.queue = row.queue;
    held.channel = row.channel;
    held.conversation = row.conversation;
    held.subject = row.subject;
    held.created_at = row.created_at;
    held.updated_at = row.updated_at;
    held.entries = row.entries;
    held.context = context;
    held.decision = decision;
    held.customer_name = name;
    return held;
}

store::ticket_row to_row(const ticket& held, std::string_view dispatch_bytes) {
    store::ticket_row row;
    row.id = held.id;
    row.status = held.status;
    row.customer = held.customer;
    row.holder = held.holder;
    row.queue = held.queue;
    row.channel = held.channel;
    row.conversation = held.conversation;
    row.subject = held.subject;
    row.created_at = held.created_at;
    row.updated_at = held.updated_at;
    row.entries = held.entries;
    row.state = pack_state(held, dispatch_bytes);
    return row;
}

ticket* ticket_book::find(ticket_id id) {
    const auto found = tickets_.find(id);
    return found == tickets_.end() ? nullptr : &found->second;
}

const ticket* ticket_book::find(ticket_id id) const {
    const auto found = tickets_.find(id);
    return found == tickets_.end() ? nullptr : &found->second;
}

ticket* ticket_book::find_conversation(std::string_view channel, std::string_view conversation) {
    if (conversation.empty()) return nullptr;
    const auto found = by_conversation_.find(place{channel, conversation});
    return found == by_conversation_.end() ? nullptr : *found;
}

void ticket_book::show(ticket& latest) {
    if (latest.conversation.empty()) return;
    if (const auto before = by_conversation_.find(place_of(&latest)); before != by_conversation_.end())
        by_conversation_.erase(before);
    by_conversation_.insert(&latest);
}

void ticket_book::hide(const ticket& leaving) {
    const auto found = by_conversation_.find(place_of(&leaving));
    if (found != by_conversation_.end() && *found == &leaving) by_conversation_.erase(found);
}

ticket& ticket_book::add(ticket opened) {
    if (const auto* before = find(opened.id)) hide(*before);
    auto& added = tickets_.insert_or_assign(opened.id, std::move(opened)).first->second;
    show(added);
    return added;
}

result<ticket*> ticket_book::adopt(const store::ticket_row& row, std::uint64_t batch) {
    if (auto* here = find(row.id)) return here;
    if (erased_.contains(row.id)) return fail(errc::not_found, "ticket " + to_string(row.id) + " was erased");
    std::string_view no_longer_in_dispatch;
    auto held = unpack(row, no_longer_in_dispatch);
    if (!held) return held.error();
    closed(row.id, batch);
    return &tickets_.insert_or_assign(row.id, std::move(*held)).first->second;
}

void ticket_book::closed(ticket_id id, std::uint64_t batch) { ending_.emplace_back(batch, id); }

void ticket_book::reopened(ticket_id id) {
    std::erase_if(ending_, [&](const auto& each) { return each.second == id; });
    if (auto* again = find(id)) show(*again);
}

void ticket_book::erased(ticket_id id, std::uint64_t batch) {
    erased_[id] = batch;
    const auto found = tickets_.find(id);
    if (found == tickets_.end()) return;
    hide(found->second);
    tickets_.erase(found);
}

void ticket_book::forget(std::uint64_t visible_batch) {
    std::erase_if(erased_, [&](const auto& each) { return each.second <= visible_batch; });
    while (!ending_.empty() && ending_.front().first <= visible_batch) {
        const auto found = tickets_.find(ending_.front().second);
        ending_.pop_front();
        if (found == tickets_.end()) continue;
        hide(found->second);
        tickets_.erase(found);
    }
}

}  // namespace kindred::runtime
