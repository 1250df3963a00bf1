#pragma once
#include "engine/base/time.hpp"
#include "engine/http/client.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace kindred::runtime {

/// Removes what providers keep of files that we keep ourselves now, or must not have any more. What is to be removed is
/// a row of its own, so that it outlives the file, the person and a restart; it goes when the provider says that it is
/// done, or has refused for too long, which the log tells. Called by one thread, answered by the client's.
class file_removals {
public:
    using submit = std::function<bool(input)>;

    /// `wake` is called when there may be more to do. All references must outlive it.
    file_removals(http::client& calls, store::store& durable, const channel_directory& channels, const clock& now,
                  submit to_writer, std::function<void()> wake);

    /// Starts what is due; gives when to look again. Nothing once the client has stopped.
    time_point start_due();

private:
    struct wish;
    static wish read(const store::kept_row& row);
    void start(wish wanted);
    void answered(const wish& of, const result<http::client_response>& got);
    void settle(const wish& of, store::kept_row row);
    bool take(const std::string& id);

    http::client& calls_;
    store::store& durable_;
    const channel_directory& channels_;
    const clock& now_;
    submit to_writer_;
    std::function<void()> wake_;
    std::mutex mutex_;
    std::set<std::string> in_flight_;
};

}  // namespace kindred::runtime
