#pragma once
#include "engine/base/bounded_queue.hpp"
#include "engine/http/responder.hpp"
#include "engine/nodes/figures.hpp"
#include "engine/runtime/arrivals/raw_requests.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/metrics.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>

namespace kindred::nodes {

/// Takes webhooks in on a node that does not lead: what they bring is in the site's inbox, under its key, before they
/// are answered. Whoever leads decides it. So they are taken in while nobody leads, too. Thread-safe.
class ingress {
public:
    using ingest = std::function<result<std::vector<store::ingest_outcome>>(std::span<const store::inbound_item>)>;

    /// Everything given must outlive it. `into` is called on one thread.
    ingress(const runtime::channel_directory& channels, std::string public_url, const clock& now,
            runtime::metrics& contacts, nodes::figures& figures, ingest into);
    /// What waits is taken in first.
    ~ingress();
    ingress(const ingress&) = delete;
    ingress& operator=(const ingress&) = delete;

    /// False when only the node that leads can answer it: calls, which are told where they stand, what has to be asked
    /// elsewhere first, what cannot be read, and what is too large to go through the inbox.
    bool take(const http::request& asked, const http::responder& answer);

private:
    struct arrival {
        store::inbound_item item;
        http::responder answer;
        http::response prepared;
        std::string channel;
    };
    void run();
    void bring(std::span<arrival> some);

    const runtime::channel_directory& channels_;
    const std::string public_url_;
    const clock& now_;
    runtime::metrics& contacts_;
    nodes::figures& figures_;
    ingest into_;
    runtime::raw_requests raw_requests_;
    bounded_queue<arrival> waiting_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::nodes
