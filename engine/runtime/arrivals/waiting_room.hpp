#pragma once
#include "engine/base/time.hpp"
#include "engine/runtime/arrivals/inquiries.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/store/store.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kindred::runtime {

/// Requests that their providers may forget, though they cannot be taken in before something has been answered
/// elsewhere: a mail that lies in a bucket. They are on record among what is in quarantine, from before they are
/// acknowledged until they are taken in, and are tried ever more seldom until then. Thread-safe.
class waiting_room {
public:
    /// Why they are in quarantine.
    static constexpr std::string_view reason = "awaits_answer";
    /// What is not answered after so long waits for somebody to look at it.
    static constexpr duration tried_for = std::chrono::days{7};

    using submit = std::function<bool(input)>;
    /// Hears what became of each record.
    using count = std::function<void(const std::string& channel, const outcome&)>;
    using taken_in = std::function<void(result<std::vector<outcome>>)>;

    waiting_room(store::store& durable, const channel_directory& channels, inquiries& asks, const clock& now,
                 submit to_intake, count counts);
    ~waiting_room();
    waiting_room(const waiting_room&) = delete;
    waiting_room& operator=(const waiting_room&) = delete;

    /// Begins to try what is on record: once, after the store was loaded.
    void begin();
    /// Takes no more up; what is on record stays there.
    void stop();

    /// Puts a request on record. `done`: true once that is durable, then it is tried at once; false when there is no
    /// room or it is not taken now.
    void keep(const channel_entry& via, const std::shared_ptr<const raw_request>& raw, std::function<void(bool)> done);

    /// Once more through its connector, whatever it is in quarantine for. What is taken in leaves quarantine before
    /// `done` hears of it. errc::conflict: it still cannot be, and why.
    void take_again(const quarantined& held, const taken_in& done);

private:
    struct turn {
        time_point due;  ///< when it is tried next; of one on its way: when it counts as lost
        unsigned tries = 0;
        bool on_its_way = false;
    };

    void run();
    void load();
    void try_due();
    std::size_t on_their_way() const;  ///< with the lock held
    void try_one(const std::string& id);
    void tried(const std::string& id, time_point arrived, const result<std::vector<outcome>>& became);
    void taken(const quarantined& held, const channel_entry& via, channel::reception received, const taken_in& done);

    store::store& durable_;
    const channel_directory& channels_;
    inquiries& asks_;
    const clock& now_;
    const submit to_intake_;
    const count count_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, turn> turns_;  ///< by id
    bool wanted_ = false;
    bool stopping_ = false;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::runtime
