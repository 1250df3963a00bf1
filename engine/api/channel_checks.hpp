#pragma once
#include "engine/api/call.hpp"
#include "engine/base/worker_pool.hpp"
#include "engine/runtime/site.hpp"
#include "engine/tls/client_stream.hpp"

#include <memory>

namespace kindred::api {

/// Asks the servers that a channel depends on whether it is set up right (channel::checkup), and tells what they say
/// and how long it took. Nothing is sent to anybody, nothing is stored. Called on blocking threads.
class channel_check_endpoints {
public:
    explicit channel_check_endpoints(runtime::site& site);
    /// Cuts what is asked of mail servers.
    ~channel_check_endpoints();
    channel_check_endpoints(const channel_check_endpoints&) = delete;
    channel_check_endpoints& operator=(const channel_check_endpoints&) = delete;

    /// Answers when the last server has, after 15 seconds at most. errc::conflict: the channel is being tested already.
    void test(const std::shared_ptr<call>& asked);

private:
    struct progress;
    struct running;

    void ask_server(const std::shared_ptr<progress>& whole, std::size_t at, channel::provider_call wanted);
    void ask_mailbox(const std::shared_ptr<progress>& whole, std::size_t at, const channel::provider_call& wanted);
    static void settle(const std::shared_ptr<progress>& whole, std::size_t at,
                       const result<channel::provider_answer>& said);
    static void finish(const std::shared_ptr<progress>& whole);

    runtime::site& site_;
    std::shared_ptr<running> running_;  ///< shared with answers that may come later than we live
    tls::stop_bell bell_;
    worker_pool mailboxes_{1, 16};  // last: its work uses everything above
};

}  // namespace kindred::api
