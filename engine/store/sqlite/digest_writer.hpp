#pragma once
#include "engine/store/rows.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/digest.hpp"

#include <map>
#include <set>

namespace kindred::store::sqlite {

/// Keeps digests of the entries as they are written, in the transaction that writes them: each entry, wherever it lies,
/// is in the digest of its place or in none; a digest has all of its places or is not there. Calls answer SQLITE_OK or
/// the first failure's code.
class digest_writer {
public:
    explicit digest_writer(const connection& on);

    /// A new entry lies at `place`, behind all earlier ones. `channel`: its ticket's, where contact or outbound.
    int added(const entry_row& row, std::int64_t place, std::string_view channel);
    /// An entry that was there says something else now. The row must outlive write().
    int rewritten(const entry_row& row);
    /// A ticket's entries are about to go.
    int erasing(std::uint64_t ticket);
    /// Writes what came since the last time.
    int write();
    /// The transaction did not hold.
    void forget();
    /// Makes the digest of a few thousand places from `place` on, which no digest has. `next`: the place behind them.
    int make_up_for(std::int64_t place, std::int64_t& next);

private:
    struct change {
        std::map<std::int64_t, const entry_row*> rewritten;  ///< by key
        std::set<std::uint64_t> erased;                      ///< tickets
    };

    int put_open();
    int put_lines();
    int add_change(std::int64_t place, std::int64_t key, const entry_row* row);
    int carry_out(std::int64_t first, const change& made);

    digest_builder open_;  ///< the last one, which still grows
    std::int64_t first_ = 0;
    std::int64_t last_ = 0;
    bool grown_ = false;
    std::string brief_;
    std::map<std::int64_t, change> changes_;  ///< by the first place of the digest
    statement put_, next_, behind_all_, drop_others_, lines_, channel_, find_, place_, places_, read_, change_, drop_;
};

}  // namespace kindred::store::sqlite
