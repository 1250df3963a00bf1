#pragma once
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/key_filter.hpp"
#include "engine/store/sqlite/key_runs.hpp"
#include "engine/store/store.hpp"

#include <optional>
#include <span>

namespace kindred::store::sqlite {

/// Writes keys. Hashes lie scattered over the whole table: written one by one, each key costs a page of its own, and
/// the more so the larger the table is. So the keys of a transaction that has many become a run, one row for all of
/// them, and each transaction brings one sixteenth of the hashes of all runs into the table, where they share pages
/// (docs/decisions/0105-key-runs.md). Belongs to whoever holds the writer's turn.
class key_writer {
public:
    /// `filter` hears of every key, `runs` of every run once it is committed; both must outlive this. Fewer keys than
    /// `run_from` go straight into the table.
    key_writer(const connection& on, key_filter& filter, key_runs& runs, std::size_t run_from);

    /// Takes over the runs that the file has. SQLITE_OK or why they cannot be read.
    int load();
    /// Inside a transaction. SQLITE_OK or the first failure's code.
    int put(std::span<const batch* const> batches);
    /// Inside a transaction: brings all runs into the table where one has a key older than `before`, for what looks
    /// through the table alone. SQLITE_OK or the first failure's code.
    int settle(time_point before);
    /// Whether a run has this key. Beyond that it may be in the table.
    bool in_a_run(std::string_view hash) const { return find(*runs_.now(), hash) != nullptr; }

    void committed();
    /// The transaction was rolled back.
    void forget() { changed_.reset(); }

private:
    struct state {
        key_run_list runs;
        std::vector<std::uint64_t> begun;  ///< of each run: how many slices had been merged before it came
        std::uint64_t merged = 0;          ///< slices, one after the other and around again
    };
    int put_run(std::vector<key_record> records, state& now);
    int merge_slice(state& now);
    int drop_merged(state& now);
    int put_in_table(const key_record& record);

    key_filter& filter_;
    key_runs& runs_;
    const std::size_t run_from_;
    statement put_key_, put_run_, drop_run_, list_runs_;
    const connection& on_;
    state committed_;
    std::optional<state> changed_;  ///< by the transaction that is under way
};

}  // namespace kindred::store::sqlite
