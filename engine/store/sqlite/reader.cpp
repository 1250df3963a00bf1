#include "engine/store/sqlite/reader.hpp"

#include "engine/store/sqlite/row_reader.hpp"
#include "engine/store/sqlite/row_writer.hpp"
#include "engine/store/sqlite/schema.hpp"

namespace kindred::store::sqlite {
namespace {

constexpr std::string_view find_key_row = "SELECT ticket, entry, at FROM keys WHERE hash = ?1";
constexpr std::string_view find_by_identity =
    "SELECT c.* FROM identities AS i JOIN customers AS c ON c.id = i.customer WHERE i.identity = ?1";
constexpr std::string_view find_customer = "SELECT * FROM customers WHERE id = ?1";
constexpr std::string_view find_by_conversation =
    "SELECT t.* FROM conversations AS v JOIN tickets AS t ON t.id = v.ticket WHERE v.hash = ?1";
constexpr std::string_view find_ticket = "SELECT * FROM tickets WHERE id = ?1";
constexpr std::string_view list_entries =
    "SELECT key, kind, at, json FROM entries WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3";
constexpr std::string_view list_outbox = "SELECT * FROM outbox WHERE ticket = ?1 ORDER BY id";
constexpr std::string_view list_journal =
    "SELECT first, last, at, bytes FROM journal WHERE first >= "
    "coalesce((SELECT max(first) FROM journal WHERE first <= ?1), 0) AND last >= ?1 ORDER BY first";
constexpr std::string_view list_kept =
    "SELECT id, at, bytes FROM kept WHERE kind = ?1 AND id >= ?2 AND id > ?3 ORDER BY id LIMIT ?4";
constexpr std::string_view find_kept = "SELECT at, bytes FROM kept WHERE kind = ?1 AND id = ?2";
constexpr std::string_view list_key_hashes = "SELECT hash FROM keys WHERE hash > ?1 ORDER BY hash LIMIT ?2";
constexpr std::string_view list_rulesets = "SELECT hash, author, at FROM rulesets ORDER BY at DESC, hash";
constexpr std::string_view find_ruleset = "SELECT hash, author, at, files FROM rulesets WHERE hash = ?1";
constexpr std::string_view find_session =
    "SELECT hash, agent, created_at, used_at, expires_at FROM sessions WHERE hash = ?1";
constexpr std::string_view find_token = "SELECT hash, name, role, created_at, revoked FROM tokens WHERE hash = ?1";
constexpr std::string_view list_tokens =
    "SELECT hash, name, role, created_at, revoked FROM tokens ORDER BY created_at, hash";

}  // namespace

reader::reader(connection on, health& disk, const key_filter& keys, const key_runs& runs)
    : on_(std::move(on)),
      disk_(disk),
      keys_(keys),
      runs_(runs),
      begin_(on_, "BEGIN"),
      end_(on_, "COMMIT"),
      key_(on_, find_key_row),
      identity_(on_, find_by_identity),
      customer_(on_, find_customer),
      conversation_(on_, find_by_conversation),
      ticket_(on_, find_ticket),
      entries_(on_, list_entries),
      outbox_of_(on_, list_outbox),
      journal_(on_, list_journal),
      session_(on_, find_session),
      token_(on_, find_token) {}

error reader::failed(int code, std::string_view tried) {
    auto complaint = error_of(on_, code, tried);
    if (breaks_trust(code)) disk_.break_because(complaint.message);
    return complaint;
}

statement& reader::kept(const std::string& sql) {
    constexpr std::size_t enough = 64;
    if (kept_.size() >= enough && !kept_.contains(sql)) kept_.clear();
    const auto [at, added] = kept_.try_emplace(sql);
    if (added) at->second = std::make_unique<statement>(on_, at->first);
    return *at->second;
}

result<ticket_row> reader::ticket(ticket_id id) {
    cursor row(ticket_, id.value);
    if (row.next()) return read_ticket(row);
    if (row.code() != SQLITE_OK) return failed(row.code(), "read a ticket");
    return fail(errc::not_found, "there is no ticket " + to_string(id));
}

result<std::optional<ticket_row>> reader::conversation(std::string_view channel, std::string_view conversation) {
    const auto hash = lookup_hash_of(channel, conversation);
    cursor row(conversation_, blob{hash.view()});
    if (row.next()) return std::optional(read_ticket(row));
    if (row.code() != SQLITE_OK) return failed(row.code(), "look for a conversation");
    return std::optional<ticket_row>{};
}

result<std::vector<entry_row>> reader::entries(ticket_id ticket, std::uint32_t after, std::size_t limit) {
    constexpr std::uint64_t last_number = (std::uint64_t{1} << entry_bits) - 1;
    if (!fits_entry_key(ticket.value, after)) return std::vector<entry_row>{};
    cursor row(entries_, entry_key(ticket.value, after), entry_key(ticket.value, last_number),
               static_cast<std::uint64_t>(limit));
    std::vector<entry_row> found;
    while (row.next()) {
        const auto number = static_cast<std::uint32_t>(row.number(0) & last_number);
        found.push_back({ticket, number, row.text(1), row.time(2), row.text(3)});
    }
    if (row.code() != SQLITE_OK) return failed(row.code(), "read a ticket's history");
    return found;
}

result<std::vector<outbox_row>> reader::outbox_of(ticket_id ticket) {
    cursor row(outbox_of_, ticket.value);
    std::vector<outbox_row> found;
    while (row.next()) found.push_back(read_outbox(row));
    if (row.code() != SQLITE_OK) return failed(row.code(), "read a ticket's outbox");
    return found;
}

result<customer_row> reader::customer(customer_id id) {
    cursor row(customer_, id.value);
    if (row.next()) return read_customer(row);
    if (row.code() != SQLITE_OK) return failed(row.code(), "read a customer");
    return fail(errc::not_found, "there is no customer " + to_string(id));
}

result<customer_row> reader::customer_with(std::string_view identity) {
    cursor row(identity_, identity);
    if (row.next()) return read_customer(row);
    if (row.code() != SQLITE_OK) return failed(row.code(), "find a customer");
    return fail(errc::not_found, "no customer has the identity " + std::string(identity));
}

result<std::vector<customer_row>> reader::customers(customer_id after, std::size_t limit) {
    std::vector<customer_row> found;
    cursor row(kept("SELECT * FROM customers WHERE id > ?1 ORDER BY id LIMIT ?2"), after.value,
               static_cast<std::uint64_t>(limit));
    while (row.next()) found.push_back(read_customer(row));
    if (row.code() != SQLITE_OK) return failed(row.code(), "list customers");
    return found;
}

result<std::optional<key_row>> reader::find_key(const unique_key& key) {
    const auto runs = runs_.now();
    std::optional<key_row> found;
    if (const int code = look_up(*runs, key, found); code != SQLITE_OK) return failed(code, "look for a key");
    return found;
}

int reader::look_up(const key_run_list& runs, const unique_key& key, std::optional<key_row>& found) {
    const auto hash = lookup_hash_of(key.space, key.id);
    if (!keys_.may_have(hash.view())) return SQLITE_OK;
    if (const auto* record = find(runs, hash.view())) {
        found = key_row{key, ticket_id{record->ticket}, record->entry, from_millis(record->at)};
        return SQLITE_OK;
    }
    cursor row(key_, blob{hash.view()});
    if (row.next()) found = read_key(row, key);
    return row.code();
}

result<std::string> reader::key_hashes(const std::string& after, std::size_t limit,
                                       const std::function<void(std::string_view)>& each) {
    statement asked(on_, list_key_hashes);
    cursor row(asked, blob{after}, static_cast<std::uint64_t>(limit));
    std::string last;
    while (row.next()) each(last = row.text(0));
    if (row.code() != SQLITE_OK) return failed(row.code(), "list the keys");
    return last;
}

result<std::vector<ruleset_row>> reader::rulesets() {
    statement asked(on_, list_rulesets);
    cursor row(asked);
    std::vector<ruleset_row> found;
    while (row.next()) found.push_back({row.text(0), row.text(1), row.time(2), {}});
    if (row.code() != SQLITE_OK) return failed(row.code(), "list rulesets");
    return found;
}

result<ruleset_row> reader::ruleset(std::string_view hash) {
    statement asked(on_, find_ruleset);
    cursor row(asked, hash);
    if (row.next()) return ruleset_row{row.text(0), row.text(1), row.time(2), row.text(3)};
    if (row.code() != SQLITE_OK) return failed(row.code(), "read a ruleset");
    return fail(errc::not_found, "there is no ruleset " + std::string(hash));
}

result<std::vector<kept_row>> reader::kept_rows(std::string_view kind, std::string_view prefix, std::string_view after,
                                                std::size_t limit) {
    statement asked(on_, list_kept);
    cursor row(asked, kind, prefix, after, static_cast<std::uint64_t>(limit));
    std::vector<kept_row> found;
    while (row.next()) {
        kept_row read{std::string(kind), row.text(0), row.time(1), row.text(2), false};
        if (!read.id.starts_with(prefix)) return found;
        found.push_back(std::move(read));
    }
    if (row.code() != SQLITE_OK) return failed(row.code(), "list what is kept");
    return found;
}

result<kept_row> reader::kept_one(std::string_view kind, std::string_view id) {
    statement asked(on_, find_kept);
    cursor row(asked, kind, id);
    if (row.next()) return kept_row{std::string(kind), std::string(id), row.time(0), row.text(1), false};
    if (row.code() != SQLITE_OK) return failed(row.code(), "read what is kept");
    return fail(errc::not_found, "there is no " + std::string(kind) + ' ' + std::string(id));
}

result<void> reader::journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) {
    cursor row(journal_, from);
    while (row.next()) {
        if (!each({row.number(0), row.number(1), row.time(2), row.text(3)})) return {};
    }
    if (row.code() != SQLITE_OK) return failed(row.code(), "read the journal");
    return {};
}

result<std::optional<session_row>> reader::session(std::string_view hash) {
    cursor row(session_, hash);
    if (row.next()) {
        return std::optional(session_row{row.text(0), agent_id{row.number(1)}, row.time(2), row.time(3), row.time(4)});
    }
    if (row.code() != SQLITE_OK) return failed(row.code(), "read a session");
    return std::optional<session_row>{};
}

result<std::optional<token_row>> reader::token(std::string_view hash) {
    cursor row(token_, hash);
    if (row.next()) return std::optional(read_token(row));
    if (row.code() != SQLITE_OK) return failed(row.code(), "read a token");
    return std::optional<token_row>{};
}

result<std::vector<token_row>> reader::tokens() {
    statement asked(on_, list_tokens);
    cursor row(asked);
    std::vector<token_row> found;
    while (row.next()) found.push_back(read_token(row));
    if (row.code() != SQLITE_OK) return failed(row.code(), "list tokens");
    return found;
}

}  // namespace kindred::store::sqlite
