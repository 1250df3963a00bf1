#pragma once
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/digest_writer.hpp"
#include "engine/store/sqlite/key_writer.hpp"
#include "engine/store/store.hpp"

#include <span>

namespace kindred::store::sqlite {

/// Writes the rows of batches inside a transaction that the caller holds. Every call answers SQLITE_OK or the first
/// failure's extended result code, after which the transaction must be rolled back.
class row_writer {
public:
    /// `keys` writes through the same connection, and must outlive this.
    row_writer(const connection& on, key_writer& keys);

    struct applied {
        int code = 0;                        ///< SQLITE_OK or why it could not be read
        std::optional<std::uint64_t> up_to;  ///< the highest batch number of that incarnation; absent: none
    };
    applied find_applied(const batch_id& id);
    /// The batches in their order: where several change the same row, only the last one's is written.
    /// `place`: one more row to be kept; may be none.
    int apply(std::span<const batch* const> batches, const kept_row* place);
    /// The transaction was rolled back.
    void forget() {
        digests_.forget();
        conversations_.clear();
    }
    digest_writer& digests() { return digests_; }

private:
    template <auto Rows, class Key>
    int put_latest(std::span<const batch* const> batches, Key key_of);
    int put_entries(std::span<const batch* const> batches);
    int put_single_values(const batch& changes);
    int put_conversations();
    int put_deliveries(std::span<const batch* const> batches);
    int put_rows(std::span<const batch* const> batches);
    int put_and_erase(std::span<const batch* const> batches);
    int erase(std::span<const batch* const> batches);
    int erase(ticket_id id);
    int put(const customer_row& row);
    int put(const identity_row& row);
    int put(const ticket_row& row);
    int put(const entry_row& row, std::string_view channel);
    int put(const agent_row& row);
    int put(const outbox_row& row);
    int put(const journal_row& row);
    int put(const ruleset_row& row);
    int put(const kept_row& row);
    int put(const std::pair<std::string, std::string>& setting);

    const connection& on_;
    key_writer& keys_;
    digest_writer digests_;
    std::uint64_t newest_ticket_ = 0;                                   ///< of those written through this
    std::vector<std::pair<lookup_hash, std::uint64_t>> conversations_;  ///< of this transaction, not written yet
    statement find_batch_, put_batch_, take_inbound_;
    statement put_customer_, put_identity_, change_ticket_, put_ticket_, put_conversation_, put_entry_;
    statement put_agent_, put_outbox_, put_journal_, put_ruleset_, put_setting_, put_active_;
    statement put_kept_, drop_kept_, drop_identity_;
    statement conversation_of_, drop_conversation_, drop_entries_, drop_outbox_, drop_bound_, drop_ticket_, channel_of_;
    statement overwrite_deleted_, leave_deleted_;
};

}  // namespace kindred::store::sqlite
