#include "engine/store/memory/disk.hpp"

#include "engine/base/text.hpp"
#include "engine/store/ticket_bound.hpp"

#include <algorithm>

namespace kindred::store {

void memory_disk::apply(const batch& changes) {
    for (const auto position : changes.consumed) inbox.erase(position);
    for (const auto& row : changes.keys) keys[key_of(row.key)] = row;
    for (const auto& row : changes.customers) customers[row.id] = row;
    for (const auto& row : changes.identities) {
        if (row.customer)
            identities[row.identity] = row.customer;
        else
            identities.erase(row.identity);
    }
    for (const auto& row : changes.tickets) {
        tickets[row.id] = row;
        if (row.conversation.empty()) continue;
        auto& newest = conversations[{row.channel, row.conversation}];
        newest = std::max(newest, row.id);
    }
    for (const auto& row : changes.entries) entries[row.ticket][row.number] = row;
    for (const auto& row : changes.agents) agents[row.id] = row;
    for (const auto& row : changes.outbox) outbox[row.id] = row;
    for (const auto& row : changes.rulesets) rulesets[row.hash] = row;
    for (const auto& [name, value] : changes.settings) settings[name] = value;
    for (const auto& row : changes.kept) {
        if (row.removed)
            kept.erase({row.kind, row.id});
        else
            kept[{row.kind, row.id}] = row;
    }
    for (const auto id : changes.erased) erase(id);
    if (changes.journal) journal[changes.journal->first] = *changes.journal;
    if (changes.active_ruleset) active_ruleset = *changes.active_ruleset;
    writers[changes.id.incarnation] = changes.id.number;
}

void memory_disk::erase(ticket_id id) {
    const auto gone = tickets.find(id);
    if (gone == tickets.end()) return;
    const auto conversation = conversations.find({gone->second.channel, gone->second.conversation});
    if (conversation != conversations.end() && conversation->second == id) conversations.erase(conversation);
    entries.erase(id);
    std::erase_if(outbox, [&](const auto& each) { return each.second.ticket == id; });
    std::erase_if(kept, [bound = to_string(id) + "/"](const auto& each) {
        return each.second.kind == ticket_bound_kind && each.second.id.starts_with(bound);
    });
    tickets.erase(gone);
}

std::optional<ticket_row> memory_disk::find_ticket(ticket_id id) const {
    const auto at = tickets.find(id);
    return at == tickets.end() ? std::nullopt : std::optional(at->second);
}

std::optional<customer_row> memory_disk::find_customer(std::string_view identity) const {
    const auto known = identities.find(std::string(identity));
    if (known == identities.end()) return std::nullopt;
    const auto at = customers.find(known->second);
    return at == customers.end() ? std::nullopt : std::optional(at->second);
}

bool memory_disk::matches(const ticket_row& ticket, const ticket_filter& filter) const {
    return (!filter.before || ticket.id < filter.before) && (!filter.status || ticket.status == *filter.status) &&
           (!filter.open_only || ticket.status != ticket_status::resolved) &&
           (filter.queue.empty() || ticket.queue == filter.queue) &&
           (filter.customers.empty() ||
            std::find(filter.customers.begin(), filter.customers.end(), ticket.customer) != filter.customers.end()) &&
           (!filter.holder || ticket.holder == filter.holder);
}

bool memory_disk::contains_words(const ticket_row& ticket, const std::vector<std::string>& words) const {
    std::vector<std::string> texts{to_lower_ascii(ticket.subject)};
    if (const auto at = entries.find(ticket.id); at != entries.end()) {
        for (const auto& [number, entry] : at->second) texts.push_back(to_lower_ascii(entry.json));
    }
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
        return std::any_of(texts.begin(), texts.end(),
                           [&](const std::string& text) { return text.find(word) != text.npos; });
    });
}

}  // namespace kindred::store
