#include "engine/store/sqlite/row_writer.hpp"

#include "engine/store/sqlite/schema.hpp"
#include "engine/store/ticket_bound.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

constexpr std::string_view find_batch = "SELECT number FROM writers WHERE incarnation = ?1";
constexpr std::string_view put_batch = "REPLACE INTO writers (incarnation, number, at) VALUES (?1, ?2, ?3)";
constexpr std::string_view take_inbound = "DELETE FROM inbox WHERE position = ?1";
constexpr std::string_view put_customer = "REPLACE INTO customers (id, version, name, json) VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view put_identity = "REPLACE INTO identities (identity, customer) VALUES (?1, ?2)";
// Most changes touch no column that an index covers. SQLite writes every index whose columns a statement names, changed
// or not: so they are named only where one has changed.
constexpr std::string_view change_ticket =
    "UPDATE tickets SET subject = ?8, created_at = ?9, updated_at = ?10, entries = ?11, state = ?12 WHERE id = ?1 AND "
    "status = ?2 AND customer = ?3 AND holder = ?4 AND queue = ?5 AND channel = ?6 AND conversation = ?7";
constexpr std::string_view put_ticket =
    "INSERT INTO tickets (id, status, customer, holder, queue, channel, conversation, subject, created_at, updated_at, "
    "entries, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
    "ON CONFLICT (id) DO UPDATE SET status = ?2, customer = ?3, holder = ?4, queue = ?5, channel = ?6, conversation = "
    "?7, "
    "subject = ?8, created_at = ?9, updated_at = ?10, entries = ?11, state = ?12";
constexpr std::string_view put_conversation =
    "INSERT INTO conversations (hash, ticket) VALUES (?1, ?2) "
    "ON CONFLICT (hash) DO UPDATE SET ticket = ?2 WHERE ?2 > ticket";
// One that is written again keeps its place.
constexpr std::string_view put_entry =
    "INSERT INTO entries (key, kind, at, json) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (key) DO UPDATE SET kind = ?2, at = ?3, json = ?4";
constexpr std::string_view put_agent = "REPLACE INTO agents (id, login, json) VALUES (?1, ?2, ?3)";
constexpr std::string_view put_outbox =
    "INSERT INTO outbox (id, ticket, entry, channel, state, attempts, due, json) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET ticket = ?2, entry = ?3, channel = ?4, "
    "state = ?5, attempts = ?6, due = ?7, json = ?8";
constexpr std::string_view put_journal = "REPLACE INTO journal (first, last, at, bytes) VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view put_ruleset = "REPLACE INTO rulesets (hash, author, at, files) VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view put_setting = "REPLACE INTO settings (name, value) VALUES (?1, ?2)";
constexpr std::string_view put_kept = "REPLACE INTO kept (kind, id, at, bytes) VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view drop_kept = "DELETE FROM kept WHERE kind = ?1 AND id = ?2";
constexpr std::string_view drop_identity = "DELETE FROM identities WHERE identity = ?1";
constexpr std::string_view conversation_of = "SELECT channel, conversation FROM tickets WHERE id = ?1";
constexpr std::string_view channel_of = "SELECT channel FROM tickets WHERE id = ?1";
constexpr std::string_view drop_conversation = "DELETE FROM conversations WHERE hash = ?1 AND ticket = ?2";
constexpr std::string_view drop_entries = "DELETE FROM entries WHERE key >= ?1 AND key <= ?2";
constexpr std::string_view drop_outbox = "DELETE FROM outbox WHERE ticket = ?1";
constexpr std::string_view drop_bound = "DELETE FROM kept WHERE kind = ?1 AND id >= ?2 AND id < ?3";
constexpr std::string_view drop_ticket = "DELETE FROM tickets WHERE id = ?1";
// What was said must not be found in the file any more once it is erased or replaced, nor in a copy of it. For what is
// deleted all the time, deliveries that were decided and keys, writing whole pages of zeros costs more than it is
// worth.
constexpr std::string_view overwrite_deleted = "PRAGMA secure_delete = ON";
constexpr std::string_view leave_deleted = "PRAGMA secure_delete = FAST";
constexpr std::string_view put_active = "REPLACE INTO site (name, value) VALUES ('active_ruleset', ?1)";

std::string_view bytes_of(const std::array<unsigned char, 16>& array) {
    return {reinterpret_cast<const char*>(array.data()), array.size()};
}

/// The last row of each key, in the order of the keys: neighbours share pages.
template <auto Rows, class Key>
auto latest(std::span<const batch* const> batches, Key key_of) {
    using row = typename std::remove_cvref_t<decltype(std::declval<const batch&>().*Rows)>::value_type;
    std::vector<const row*> all;
    for (const auto* changes : batches) {
        for (const auto& each : changes->*Rows) all.push_back(&each);
    }
    std::stable_sort(all.begin(), all.end(), [&](const row* a, const row* b) { return key_of(*a) < key_of(*b); });
    std::vector<const row*> last;
    last.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i + 1 == all.size() || key_of(*all[i]) != key_of(*all[i + 1])) last.push_back(all[i]);
    }
    return last;
}

}  // namespace

row_writer::row_writer(const connection& on, key_writer& keys)
    : on_(on),
      keys_(keys),
      digests_(on),
      find_batch_(on, find_batch),
      put_batch_(on, put_batch),
      take_inbound_(on, take_inbound),
      put_customer_(on, put_customer),
      put_identity_(on, put_identity),
      change_ticket_(on, change_ticket),
      put_ticket_(on, put_ticket),
      put_conversation_(on, put_conversation),
      put_entry_(on, put_entry),
      put_agent_(on, put_agent),
      put_outbox_(on, put_outbox),
      put_journal_(on, put_journal),
      put_ruleset_(on, put_ruleset),
      put_setting_(on, put_setting),
      put_active_(on, put_active),
      put_kept_(on, put_kept),
      drop_kept_(on, drop_kept),
      drop_identity_(on, drop_identity),
      conversation_of_(on, conversation_of),
      drop_conversation_(on, drop_conversation),
      drop_entries_(on, drop_entries),
      drop_outbox_(on, drop_outbox),
      drop_bound_(on, drop_bound),
      drop_ticket_(on, drop_ticket),
      channel_of_(on, channel_of),
      overwrite_deleted_(on, overwrite_deleted),
      leave_deleted_(on, leave_deleted) {}

row_writer::applied row_writer::find_applied(const batch_id& id) {
    cursor row(find_batch_, blob{bytes_of(id.incarnation)});
    applied found;
    if (row.next()) found.up_to = row.number(0);
    found.code = row.code();
    return found;
}

int row_writer::apply(std::span<const batch* const> batches, const kept_row* place) {
    int code = put_and_erase(batches);
    if (code == SQLITE_OK && place != nullptr) code = put(*place);
    return code == SQLITE_OK ? digests_.write() : code;
}

int row_writer::put_and_erase(std::span<const batch* const> batches) {
    const auto is_nobodys = [](const identity_row& row) { return !row.customer; };
    const bool erases = std::any_of(batches.begin(), batches.end(), [&](const batch* each) {
        return !each->erased.empty() || std::any_of(each->identities.begin(), each->identities.end(), is_nobodys);
    });
    int code = erases ? overwrite_deleted_.run() : SQLITE_OK;
    if (code == SQLITE_OK) code = put_deliveries(batches);
    if (code == SQLITE_OK) code = overwrite_deleted_.run();
    if (code == SQLITE_OK) code = put_rows(batches);
    if (code == SQLITE_OK && erases) code = erase(batches);
    (void)leave_deleted_.run();
    return code;
}

int row_writer::erase(std::span<const batch* const> batches) {
    for (const auto* changes : batches) {
        for (const auto id : changes->erased)
            if (const int code = erase(id); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

int row_writer::erase(ticket_id id) {
    std::optional<lookup_hash> hash;
    {
        cursor row(conversation_of_, id.value);
        if (row.next()) hash = lookup_hash_of(row.view(0), row.view(1));
        if (row.code() != SQLITE_OK) return row.code();
    }
    int code = hash ? drop_conversation_.run(blob{hash->view()}, id.value) : SQLITE_OK;
    if (code == SQLITE_OK) code = digests_.erasing(id.value);
    if (code == SQLITE_OK) code = drop_entries_.run(entry_key(id.value, 0), entry_key(id.value + 1, 0) - 1);
    if (code == SQLITE_OK) code = drop_outbox_.run(id.value);
    const auto number = to_string(id);  // '0' comes after '/'
    if (code == SQLITE_OK) code = drop_bound_.run(ticket_bound_kind, number + "/", number + "0");
    if (code == SQLITE_OK) code = drop_ticket_.run(id.value);
    return code;
}

int row_writer::put_deliveries(std::span<const batch* const> batches) {
    for (const auto* changes : batches) {
        for (const auto position : changes->consumed) {
            if (const int code = take_inbound_.run(position); code != SQLITE_OK) return code;
        }
    }
    return keys_.put(batches);
}

int row_writer::put_rows(std::span<const batch* const> batches) {
    const auto by_id = [](const auto& row) { return row.id.value; };
    int code = SQLITE_OK;
    // Short circuit: the first failure ends it.
    const bool all =
        (code = put_latest<&batch::customers>(batches, by_id)) == SQLITE_OK &&
        (code = put_latest<&batch::identities>(
             batches, [](const auto& row) { return std::string_view(row.identity); })) == SQLITE_OK &&
        (code = put_latest<&batch::tickets>(batches, by_id)) == SQLITE_OK &&
        (code = put_conversations()) == SQLITE_OK && (code = put_entries(batches)) == SQLITE_OK &&
        (code = put_latest<&batch::agents>(batches, by_id)) == SQLITE_OK &&
        (code = put_latest<&batch::outbox>(batches, by_id)) == SQLITE_OK &&
        (code = put_latest<&batch::rulesets>(batches, [](const auto& row) { return std::string_view(row.hash); })) ==
            SQLITE_OK &&
        (code = put_latest<&batch::settings>(batches, [](const auto& row) { return std::string_view(row.first); })) ==
            SQLITE_OK;
    if (!all) return code;
    const auto by_name = [](const auto& row) {
        return std::pair<std::string_view, std::string_view>(row.kind, row.id);
    };
    if (code = put_latest<&batch::kept>(batches, by_name); code != SQLITE_OK) return code;
    for (const auto* changes : batches) {
        if (code = put_single_values(*changes); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

int row_writer::put_single_values(const batch& changes) {
    int code = changes.journal ? put(*changes.journal) : SQLITE_OK;
    if (code == SQLITE_OK && changes.active_ruleset) code = put_active_.run(*changes.active_ruleset);
    if (code != SQLITE_OK) return code;
    return put_batch_.run(blob{bytes_of(changes.id.incarnation)}, changes.id.number, changes.at);
}

template <auto Rows, class Key>
int row_writer::put_latest(std::span<const batch* const> batches, Key key_of) {
    for (const auto* each : latest<Rows>(batches, key_of)) {
        if (const int code = put(*each); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

/// In the order in which they came: periods are found by that.
int row_writer::put_entries(std::span<const batch* const> batches) {
    auto rows =
        latest<&batch::entries>(batches, [](const entry_row& row) { return entry_key(row.ticket.value, row.number); });
    std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->at < b->at; });
    // Whoever adds to a ticket changes its row.
    boost::unordered_flat_map<std::uint64_t, std::string_view> channels;
    for (const auto* changes : batches)
        for (const auto& each : changes->tickets) channels.insert_or_assign(each.id.value, each.channel);
    for (const auto* each : rows) {
        std::string asked;
        std::string_view channel;
        if (each->kind == "contact" || each->kind == "outbound") {
            const auto known = channels.find(each->ticket.value);
            if (known == channels.end()) {
                cursor row(channel_of_, each->ticket.value);
                if (row.next()) asked = row.text(0);
                if (row.code() != SQLITE_OK) return row.code();
            }
            channel = known == channels.end() ? asked : known->second;
        }
        if (const int code = put(*each, channel); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

int row_writer::put(const customer_row& row) {
    return put_customer_.run(row.id.value, row.version, row.name, row.json);
}

int row_writer::put(const identity_row& row) {
    return row.customer ? put_identity_.run(row.identity, row.customer.value) : drop_identity_.run(row.identity);
}

int row_writer::put(const ticket_row& row) {
    const auto run = [&row](statement& with) {
        return with.run(row.id.value, static_cast<int>(row.status), row.customer.value, row.holder.value, row.queue,
                        row.channel, row.conversation, row.subject, row.created_at, row.updated_at, row.entries,
                        blob{row.state});
    };
    // One that is new needs no look whether it is there; the other statement is right for both.
    const bool may_be_there = row.id.value <= newest_ticket_;
    newest_ticket_ = std::max(newest_ticket_, row.id.value);
    if (may_be_there) {
        const int code = run(change_ticket_);
        if (code != SQLITE_OK || change_ticket_.changed_rows() != 0) return code;
    }
    const int code = run(put_ticket_);
    if (code == SQLITE_OK && !row.conversation.empty())
        conversations_.emplace_back(lookup_hash_of(row.channel, row.conversation), row.id.value);
    return code;
}

/// Of the tickets that are new, in the order of their hashes: neighbours share pages.
int row_writer::put_conversations() {
    std::sort(conversations_.begin(), conversations_.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first.view(), a.second) < std::pair(b.first.view(), b.second);
    });
    int code = SQLITE_OK;
    for (const auto& [hash, ticket] : conversations_) {
        code = put_conversation_.run(blob{hash.view()}, ticket);
        if (code != SQLITE_OK) break;
    }
    conversations_.clear();
    return code;
}

int row_writer::put(const entry_row& row, std::string_view channel) {
    if (!fits_entry_key(row.ticket.value, row.number)) return SQLITE_RANGE;
    sqlite3_set_last_insert_rowid(on_.handle(), 0);
    const int code = put_entry_.run(entry_key(row.ticket.value, row.number), row.kind, row.at, row.json);
    if (code != SQLITE_OK) return code;
    // Only a row that is new has got a place just now.
    const auto place = sqlite3_last_insert_rowid(on_.handle());
    return place != 0 ? digests_.added(row, place, channel) : digests_.rewritten(row);
}

int row_writer::put(const agent_row& row) { return put_agent_.run(row.id.value, row.login, row.json); }

int row_writer::put(const outbox_row& row) {
    return put_outbox_.run(row.id.value, row.ticket.value, row.entry, row.channel, static_cast<int>(row.state),
                           row.attempts, row.due, row.json);
}

int row_writer::put(const journal_row& row) { return put_journal_.run(row.first, row.last, row.at, blob{row.bytes}); }

int row_writer::put(const ruleset_row& row) { return put_ruleset_.run(row.hash, row.author, row.at, blob{row.files}); }

int row_writer::put(const kept_row& row) {
    return row.removed ? drop_kept_.run(row.kind, row.id) : put_kept_.run(row.kind, row.id, row.at, blob{row.bytes});
}

int row_writer::put(const std::pair<std::string, std::string>& setting) {
    return put_setting_.run(setting.first, blob{setting.second});
}

}  // namespace kindred::store::sqlite
