#pragma once
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/entry_list.hpp"
#include "engine/store/sqlite/health.hpp"
#include "engine/store/sqlite/key_filter.hpp"
#include "engine/store/sqlite/key_runs.hpp"
#include "engine/store/store.hpp"

#include <span>
#include <unordered_map>

namespace kindred::store::sqlite {

/// One reading connection with its prepared questions. For one thread at a time (readers.hpp lends them out).
class reader {
public:
    /// `disk` and `keys` must outlive the reader.
    reader(connection on, health& disk, const key_filter& keys, const key_runs& runs);

    result<open_state> load(const std::function<void(ticket_row&&)>& each_open);
    /// `as_of`: the number of commits known before this call began.
    result<std::vector<prefetched>> prefetch(std::span<const prefetch_query> wanted, std::uint64_t as_of);
    result<ticket_row> ticket(ticket_id id);
    result<std::optional<ticket_row>> conversation(std::string_view channel, std::string_view conversation);
    result<std::vector<ticket_row>> tickets(const ticket_filter& filter);
    result<std::vector<entry_row>> entries(ticket_id ticket, std::uint32_t after, std::size_t limit);
    /// Places of the table of entries, without the last one.
    struct places {
        std::int64_t first = 0;
        std::int64_t last = 0;
    };
    /// Where entries of the period can be: by halving, for they lie in the order in which they came.
    result<places> places_of(const entry_selection& wanted);
    /// The first place from `from` on that is in no digest; 0: there is none.
    result<std::int64_t> without_digest(std::int64_t from);
    /// Whose every ticket is, by their numbers; of a few numbers too large for that 0.
    result<std::vector<std::uint32_t>> owners();
    /// The wanted ones of the first few thousand places, which it takes away.
    result<void> next_entries(const entry_selection& wanted, places& left, entry_list& into);
    result<std::vector<outbox_row>> outbox_of(ticket_id ticket);
    result<customer_row> customer(customer_id id);
    result<customer_row> customer_with(std::string_view identity);
    result<std::vector<customer_row>> customers(customer_id after, std::size_t limit);
    result<std::optional<key_row>> find_key(const unique_key& key);
    /// Gives `each` the hashes behind `after` in their order, at most `limit`; the last one, or empty at the end.
    result<std::string> key_hashes(const std::string& after, std::size_t limit,
                                   const std::function<void(std::string_view)>& each);
    result<std::vector<ruleset_row>> rulesets();
    result<ruleset_row> ruleset(std::string_view hash);
    result<std::vector<kept_row>> kept_rows(std::string_view kind, std::string_view prefix, std::string_view after,
                                            std::size_t limit);
    result<kept_row> kept_one(std::string_view kind, std::string_view id);
    result<void> journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each);
    result<std::optional<session_row>> session(std::string_view hash);
    result<std::optional<token_row>> token(std::string_view hash);
    result<std::vector<token_row>> tokens();

    const connection& on() const { return on_; }

private:
    /// All reads until its end see one moment of the store.
    class moment;

    /// The first place whose entry is not older than `at`.
    int first_place(time_point at, std::int64_t& place);
    error failed(int code, std::string_view tried);
    /// A statement kept by its text: for lists, whose SQL depends on the filter.
    statement& kept(const std::string& sql);
    int look_up(const key_run_list& runs, const unique_key& key, std::optional<key_row>& found);
    int prefetch_one(const key_run_list& runs, const prefetch_query& wanted, prefetched& found);
    int find_referenced(const key_run_list& runs, const std::vector<unique_key>& references, prefetched& found);
    int load_highest(open_state& into);
    int load_rows(open_state& into);
    int read_tickets(entry_list& of);
    /// The digest of the first place; where there is none, `until` comes down to where the next one begins.
    int read_digest(const entry_selection& wanted, places& left, std::int64_t& until, entry_list& into);
    int load_tickets(const std::function<void(ticket_row&&)>& each_open);

    connection on_;
    health& disk_;
    const key_filter& keys_;
    const key_runs& runs_;
    std::unordered_map<std::string, std::unique_ptr<statement>> kept_;
    statement begin_, end_;
    statement key_, identity_, customer_, conversation_, ticket_, entries_, outbox_of_, journal_, session_, token_;
};

}  // namespace kindred::store::sqlite
