#pragma once
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite.hpp"

namespace kindred::store::sqlite {

/// How a connection must be set before its first use: journal, sync, cache.
result<void> prepare_writer(const connection& on, sync_level sync);
result<void> prepare_reader(const connection& on);

/// The schema version of the file, 0 for a new one; changes nothing.
/// errc::invalid: written by a newer version. errc::corrupt: some other program's database.
result<std::size_t> identify(const connection& on);

/// Makes the tables in a new file, or brings an older file forward, one version a transaction.
result<void> migrate(const connection& on, std::size_t version);

/// A random number that the file keeps, which names it in its log of commits; made at the first call.
result<std::uint64_t> identity_of_log(const connection& on);
/// Gives the file a new one: it is a copy, and the log of its original is none of its business.
result<void> renew_identity_of_log(const connection& on);

/// An entry's key in its table: history of one ticket lies together, in order, under one integer. Tickets reach
/// 2^43 and a ticket 2^20 entries; both are checked where they are written.
constexpr unsigned entry_bits = 20;
constexpr std::int64_t entry_key(std::uint64_t ticket, std::uint64_t number) {
    return static_cast<std::int64_t>(ticket << entry_bits | number);
}
constexpr bool fits_entry_key(std::uint64_t ticket, std::uint64_t number) {
    return ticket < std::uint64_t{1} << 43U && number < std::uint64_t{1} << entry_bits;
}

}  // namespace kindred::store::sqlite
