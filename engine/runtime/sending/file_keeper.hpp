#pragma once
#include "engine/base/time.hpp"
#include "engine/http/client.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/effects.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/sending/file_removals.hpp"
#include "engine/runtime/sending/file_sweep.hpp"
#include "engine/runtime/sending/files.hpp"
#include "engine/store/file_store.hpp"
#include "engine/store/store.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace kindred::runtime {

struct file_settings {
    std::filesystem::path folder = "files";
    std::size_t most_bytes = 25U << 20U;           ///< of one file, whatever the channel allows
    duration keep_for{0};                          ///< 0: for ever
    duration sweep_every = std::chrono::hours{1};  ///< how often files are looked for whose time is over
    std::vector<std::string> trusted_hosts;        ///< may be fetched from though their addresses are not public
    std::string public_url;                        ///< where providers fetch files that are sent; empty: they cannot
};

/// Keeps the files that customers send and agents answer with: writes them beside the database or where else they are
/// to be, fetches what a provider keeps for us (and has it removed there where the provider's copy is ours to remove),
/// gives them to messages, and forgets those whose time is over. Thread-safe.
class file_keeper {
public:
    using submit = std::function<bool(input)>;

    /// `place`: where the bytes are; none: in the settings' folder. Whatever is given outlives this.
    file_keeper(const file_settings& settings, http::client_settings calls, store::store& durable,
                store::file_place* place, const channel_directory& channels, const clock& now, submit to_writer);
    ~file_keeper();
    file_keeper(const file_keeper&) = delete;
    file_keeper& operator=(const file_keeper&) = delete;

    /// Begins its work: once, after the store was loaded.
    void begin();

    /// Makes the bytes durable that came along with a delivery. False when they cannot be now.
    bool keep(delivery& arrived);
    /// There is something to fetch, or bytes to be removed that nothing refers to any more. Returns at once.
    void fetch(const file_wish& wanted);
    /// Gives a message the bytes of its files and addresses to fetch them from.
    result<void> load(channel::outgoing& message);

    /// An upload: its record, durable once `done` runs. Does blocking I/O.
    void upload(kept_file described, std::string_view bytes, const std::function<void(result<std::string>)>& done);
    /// The same for somebody in a conversation: only a message of that conversation can send it, within a day.
    void upload_of(const std::string& channel, std::string_view conversation, kept_file described,
                   std::string_view bytes, const std::function<void(result<std::string>)>& done);
    /// The record; errc::not_found.
    result<kept_file> find(std::string_view id);
    result<std::vector<kept_file>> of_ticket(ticket_id ticket);
    /// The bytes of one that is stored; errc::conflict when it is not (yet).
    result<std::string> bytes_of(const kept_file& file);
    /// Whether a link that load() made is genuine and not too old.
    bool is_genuine_link(std::string_view id, std::string_view until, std::string_view signature) const;

    void stop(std::chrono::milliseconds patience);

private:
    struct fetching;
    void take_upload(const delivery& arrived, std::string_view conversation, channel::attachment& file);
    void put_upload(kept_file described, std::string_view bytes, const std::function<void(result<std::string>)>& done);
    bool is_over(const kept_file& file, time_point now) const;
    void run();
    /// Starts what is due; gives when to look again.
    time_point start_due();
    void start(kept_file file, unsigned tries);
    void call(const std::shared_ptr<fetching>& of, channel::provider_call wanted);
    void answered(const std::shared_ptr<fetching>& of, const result<http::client_response>& got);
    void arrived(const std::shared_ptr<fetching>& of, const http::client_response& got);
    void failed(const std::shared_ptr<fetching>& of, const std::string& reason, bool for_good);
    void settle(const std::shared_ptr<fetching>& of, std::vector<store::kept_row> rows);
    bool sweep();
    void forget_now();
    /// Puts bytes, which stay from then on while `held` is there.
    result<std::string> put(std::string_view bytes, std::shared_ptr<const void>& held);
    void wake();
    std::string link_signature(std::string_view id, std::string_view until) const;

    const file_settings settings_;
    store::store& durable_;
    const channel_directory& channels_;
    const clock& now_;
    submit to_writer_;
    const std::unique_ptr<store::file_place> own_;  ///< none: the bytes are elsewhere
    store::file_place& files_;
    held_files held_;
    const std::string link_secret_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> in_flight_;
    std::set<std::string> to_forget_;
    std::uint64_t doubts_ = 0;  ///< of the place, when its files were last looked through; of the thread alone
    bool wanted_ = true;
    bool stopping_ = false;
    http::client calls_;
    file_removals removals_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::runtime
