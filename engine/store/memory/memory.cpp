#include "engine/store/memory/memory.hpp"

#include "engine/base/text.hpp"
#include "engine/store/memory/disk.hpp"

#include <algorithm>
#include <atomic>

namespace kindred::store {
namespace {

class memory_store final : public store {
public:
    explicit memory_store(std::shared_ptr<memory_disk> disk) : disk_(std::move(disk)) {}

    result<open_state> load(const std::function<void(ticket_row&&)>& each_open) override;
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items) override;
    commit_outcome commit(std::shared_ptr<const batch> given) override;
    std::uint64_t commits() const override { return commits_; }
    result<std::vector<prefetched>> prefetch(std::span<const prefetch_query> wanted) override;
    std::optional<std::uint64_t> surely_unused(const unique_key& key) const override;
    result<ticket_row> ticket(ticket_id id) override;
    result<std::optional<ticket_row>> conversation(std::string_view channel, std::string_view conversation) override;
    result<std::vector<ticket_row>> tickets(const ticket_filter& filter) override;
    result<std::vector<entry_row>> entries(ticket_id ticket, std::uint32_t after, std::size_t limit) override;
    result<void> entries_between(const entry_selection& wanted,
                                 const std::function<bool(const selected_entry&)>& each) override;
    result<std::vector<outbox_row>> outbox_of(ticket_id ticket) override;
    result<customer_row> customer(customer_id id) override;
    result<customer_row> customer_with(std::string_view identity) override;
    result<std::vector<customer_row>> customers(customer_id after, std::size_t limit) override;
    result<std::optional<key_row>> find_key(const unique_key& key) override;
    result<std::vector<ruleset_row>> rulesets() override;
    result<ruleset_row> ruleset(std::string_view hash) override;
    result<std::vector<kept_row>> kept(std::string_view kind, std::string_view prefix, std::string_view after,
                                       std::size_t limit) override;
    result<kept_row> kept_one(std::string_view kind, std::string_view id) override;
    result<void> journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) override;
    result<void> put_session(const session_row& session) override;
    result<std::optional<session_row>> session(std::string_view hash) override;
    result<void> drop_sessions(std::string_view hash_or_empty, agent_id agent) override;
    result<void> put_token(const token_row& token) override;
    result<std::optional<token_row>> token(std::string_view hash) override;
    result<std::vector<token_row>> tokens() override;
    result<bool> trim(time_point before, time_point now) override;
    result<void> backup(const std::string& file) override;

private:
    prefetched prefetch_one(const prefetch_query& wanted) const;
    std::lock_guard<std::mutex> hold() const { return std::lock_guard(disk_->mutex); }

    const std::shared_ptr<memory_disk> disk_;
    std::atomic<std::uint64_t> commits_{0};
    batch_id counted_;
};

std::optional<std::uint64_t> memory_store::surely_unused(const unique_key& key) const {
    const auto held = hold();
    return disk_->keys.contains(memory_disk::key_of(key)) ? std::nullopt : std::optional(commits_.load());
}

result<open_state> memory_store::load(const std::function<void(ticket_row&&)>& each_open) {
    open_state loaded;
    std::vector<ticket_row> open;
    {
        const auto held = hold();
        const auto highest = [](const auto& table) { return table.empty() ? 0 : table.rbegin()->first.value; };
        loaded.tickets = highest(disk_->tickets);
        loaded.customers = highest(disk_->customers);
        loaded.agents = highest(disk_->agents);
        loaded.outbox = highest(disk_->outbox);
        if (!disk_->journal.empty()) loaded.journal = disk_->journal.rbegin()->second.last;
        for (const auto& [id, row] : disk_->agents) loaded.agent_rows.push_back(row);
        for (const auto& [id, row] : disk_->outbox) {
            if (row.state == outbox_state::pending) loaded.pending.push_back(row);
        }
        loaded.undecided.assign(disk_->inbox.begin(), disk_->inbox.end());
        const auto active = disk_->rulesets.find(disk_->active_ruleset);
        if (active != disk_->rulesets.end()) loaded.ruleset = active->second;
        loaded.settings.assign(disk_->settings.begin(), disk_->settings.end());
        for (const auto& [id, row] : disk_->tickets) {
            if (row.status != ticket_status::resolved) open.push_back(row);
        }
    }
    for (auto& row : open)
        if (each_open) each_open(std::move(row));
    return loaded;
}

result<std::vector<ingest_outcome>> memory_store::ingest(std::span<const inbound_item> items) {
    const auto held = hold();
    std::vector<ingest_outcome> placed;
    for (const auto& item : items) {
        const auto [at, added] =
            disk_->keys.try_emplace(memory_disk::key_of(item.key), key_row{item.key, {}, 0, item.at});
        if (added) disk_->inbox[++disk_->last_position] = item;
        placed.push_back({!added, added ? disk_->last_position : 0});
    }
    return placed;
}

commit_outcome memory_store::commit(std::shared_ptr<const batch> given) {
    const auto& changes = *given;
    const auto held = hold();
    const auto before = disk_->writers.find(changes.id.incarnation);
    if (before == disk_->writers.end() || before->second < changes.id.number) disk_->apply(changes);
    const bool again =
        commits_ != 0 && changes.id.incarnation == counted_.incarnation && changes.id.number <= counted_.number;
    if (!again) {
        counted_ = changes.id;
        ++commits_;
    }
    return {};
}

result<std::vector<prefetched>> memory_store::prefetch(std::span<const prefetch_query> wanted) {
    const auto held = hold();
    std::vector<prefetched> found;
    found.reserve(wanted.size());
    for (const auto& query : wanted) found.push_back(prefetch_one(query));
    return found;
}

prefetched memory_store::prefetch_one(const prefetch_query& wanted) const {
    prefetched found;
    found.as_of = commits_;
    if (!wanted.key.id.empty()) {
        const auto at = disk_->keys.find(memory_disk::key_of(wanted.key));
        if (at != disk_->keys.end()) found.seen = at->second;
    }
    for (const auto& identity : wanted.identities) found.customers.push_back(disk_->find_customer(identity));
    if (!wanted.conversation.empty()) {
        const auto at = disk_->conversations.find({wanted.channel, wanted.conversation});
        if (at != disk_->conversations.end()) found.conversation = disk_->find_ticket(at->second);
    }
    for (const auto& reference : wanted.references) {
        const auto at = disk_->keys.find(memory_disk::key_of(reference));
        if (at == disk_->keys.end() || !at->second.ticket) continue;
        found.referenced = disk_->find_ticket(at->second.ticket);
        found.reference = at->second;
        break;
    }
    if (wanted.ticket) found.ticket = disk_->find_ticket(wanted.ticket);
    if (const auto at = disk_->customers.find(wanted.customer); at != disk_->customers.end())
        found.customer = at->second;
    return found;
}

result<ticket_row> memory_store::ticket(ticket_id id) {
    const auto held = hold();
    if (auto found = disk_->find_ticket(id)) return *std::move(found);
    return fail(errc::not_found, "there is no ticket " + to_string(id));
}

result<std::optional<ticket_row>> memory_store::conversation(std::string_view channel, std::string_view conversation) {
    const auto held = hold();
    const auto at = disk_->conversations.find({std::string(channel), std::string(conversation)});
    if (at == disk_->conversations.end()) return std::optional<ticket_row>{};
    return disk_->find_ticket(at->second);
}

result<std::vector<ticket_row>> memory_store::tickets(const ticket_filter& filter) {
    constexpr std::size_t most_words = 8;
    std::vector<std::string> words;
    for (const auto word : split(filter.text, ' ')) {
        if (!kindred::trim(word).empty() && words.size() < most_words)
            words.push_back(to_lower_ascii(kindred::trim(word)));
    }
    const auto held = hold();
    std::vector<ticket_row> found;
    std::size_t searched = 0;
    for (auto at = disk_->tickets.rbegin(); at != disk_->tickets.rend() && found.size() < filter.limit; ++at) {
        if (!disk_->matches(at->second, filter)) continue;
        if (!words.empty() && ++searched > search_depth) break;
        if (words.empty() || disk_->contains_words(at->second, words)) found.push_back(at->second);
    }
    return found;
}

result<std::vector<entry_row>> memory_store::entries(ticket_id ticket, std::uint32_t after, std::size_t limit) {
    const auto held = hold();
    std::vector<entry_row> found;
    const auto of = disk_->entries.find(ticket);
    if (of == disk_->entries.end()) return found;
    for (auto at = of->second.upper_bound(after); at != of->second.end() && found.size() < limit; ++at) {
        found.push_back(at->second);
    }
    return found;
}

result<void> memory_store::entries_between(const entry_selection& wanted,
                                           const std::function<bool(const selected_entry&)>& each) {
    const auto among = [](const std::vector<std::string>& kinds, const std::string& kind) {
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    };
    std::vector<selected_entry> found;
    {
        const auto held = hold();
        for (const auto& [id, history] : disk_->entries) {
            for (const auto& [number, row] : history) {
                if (row.at < wanted.from || row.at >= wanted.until || !among(wanted.kinds, row.kind)) continue;
                auto& chosen = found.emplace_back(selected_entry{row, {}, {}});
                if (!among(wanted.with_json, row.kind)) chosen.entry.json.clear();
                const auto of = disk_->tickets.find(id);
                if (of == disk_->tickets.end() || !among(wanted.with_ticket, row.kind)) continue;
                chosen.channel = of->second.channel;
                chosen.customer = of->second.customer;
            }
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.entry.at < b.entry.at; });
    for (const auto& row : found) {
        if (!each(row)) break;
    }
    return {};
}

result<std::vector<outbox_row>> memory_store::outbox_of(ticket_id ticket) {
    const auto held = hold();
    std::vector<outbox_row> found;
    for (const auto& [id, row] : disk_->outbox) {
        if (row.ticket == ticket) found.push_back(row);
    }
    return found;
}

result<customer_row> memory_store::customer(customer_id id) {
    const auto held = hold();
    const auto at = disk_->customers.find(id);
    if (at != disk_->customers.end()) return at->second;
    return fail(errc::not_found, "there is no customer " + to_string(id));
}

result<customer_row> memory_store::customer_with(std::string_view identity) {
    const auto held = hold();
    if (auto found = disk_->find_customer(identity)) return *std::move(found);
    return fail(errc::not_found, "no customer has the identity " + std::string(identity));
}

result<std::vector<customer_row>> memory_store::customers(customer_id after, std::size_t limit) {
    const auto held = hold();
    std::vector<customer_row> found;
    for (auto at = disk_->customers.upper_bound(after); at != disk_->customers.end() && found.size() < limit; ++at)
        found.push_back(at->second);
    return found;
}

result<std::optional<key_row>> memory_store::find_key(const unique_key& key) {
    const auto held = hold();
    const auto at = disk_->keys.find(memory_disk::key_of(key));
    return at == disk_->keys.end() ? std::nullopt : std::optional(at->second);
}

result<std::vector<ruleset_row>> memory_store::rulesets() {
    const auto held = hold();
    std::vector<ruleset_row> found;
    for (const auto& [hash, row] : disk_->rulesets) found.push_back({row.hash, row.author, row.at, {}});
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    return found;
}

result<ruleset_row> memory_store::ruleset(std::string_view hash) {
    const auto held = hold();
    const auto at = disk_->rulesets.find(hash);
    if (at != disk_->rulesets.end()) return at->second;
    return fail(errc::not_found, "there is no ruleset " + std::string(hash));
}

result<std::vector<kept_row>> memory_store::kept(std::string_view kind, std::string_view prefix, std::string_view after,
                                                 std::size_t limit) {
    const auto held = hold();
    std::vector<kept_row> found;
    const memory_disk::key from{std::string(kind), std::string(std::max(prefix, after))};
    for (auto at = disk_->kept.lower_bound(from); at != disk_->kept.end() && found.size() < limit; ++at) {
        const auto& row = at->second;
        if (row.kind != kind || !row.id.starts_with(prefix)) break;
        if (row.id > after) found.push_back(row);
    }
    return found;
}

result<kept_row> memory_store::kept_one(std::string_view kind, std::string_view id) {
    const auto held = hold();
    const auto at = disk_->kept.find({std::string(kind), std::string(id)});
    if (at != disk_->kept.end()) return at->second;
    return fail(errc::not_found, "there is no " + std::string(kind) + ' ' + std::string(id));
}

result<void> memory_store::journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) {
    std::vector<journal_row> found;
    {
        const auto held = hold();
        for (const auto& [first, row] : disk_->journal) {
            if (row.last >= from) found.push_back(row);
        }
    }
    for (auto& row : found) {
        if (!each(std::move(row))) break;
    }
    return {};
}

result<void> memory_store::put_session(const session_row& session) {
    const auto held = hold();
    disk_->sessions[session.hash] = session;
    return {};
}

result<std::optional<session_row>> memory_store::session(std::string_view hash) {
    const auto held = hold();
    const auto at = disk_->sessions.find(hash);
    return at == disk_->sessions.end() ? std::nullopt : std::optional(at->second);
}

result<void> memory_store::drop_sessions(std::string_view hash_or_empty, agent_id agent) {
    const auto held = hold();
    std::erase_if(disk_->sessions, [&](const auto& each) {
        return hash_or_empty.empty() ? each.second.agent == agent : each.first == hash_or_empty;
    });
    return {};
}

result<void> memory_store::put_token(const token_row& token) {
    const auto held = hold();
    disk_->tokens[token.hash] = token;
    return {};
}

result<std::optional<token_row>> memory_store::token(std::string_view hash) {
    const auto held = hold();
    const auto at = disk_->tokens.find(hash);
    return at == disk_->tokens.end() ? std::nullopt : std::optional(at->second);
}

result<std::vector<token_row>> memory_store::tokens() {
    const auto held = hold();
    std::vector<token_row> found;
    for (const auto& [hash, row] : disk_->tokens) found.push_back(row);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
    return found;
}

result<bool> memory_store::trim(time_point before, time_point now) {
    const auto held = hold();
    const auto oldest_kept = std::min(before, now - least_key_age);
    std::erase_if(disk_->keys, [&](const auto& each) {
        const auto of = disk_->tickets.find(each.second.ticket);
        const bool of_open = of != disk_->tickets.end() && of->second.status != ticket_status::resolved;
        return each.second.at < oldest_kept && !of_open;
    });
    std::erase_if(disk_->sessions, [&](const auto& each) { return each.second.expires_at <= now; });
    return false;
}

result<void> memory_store::backup(const std::string& file) {
    return fail(errc::unavailable, file + ": a store in memory has nothing to copy");
}

}  // namespace

std::shared_ptr<memory_disk> make_memory_disk() { return std::make_shared<memory_disk>(); }

std::unique_ptr<store> make_memory_store(std::shared_ptr<memory_disk> disk) {
    return std::make_unique<memory_store>(disk ? std::move(disk) : make_memory_disk());
}

}  // namespace kindred::store
