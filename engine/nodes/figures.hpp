#pragma once
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <string_view>

namespace kindred::nodes {

/// What /metrics shows of a node among others (docs/redis.md). Thread-safe.
class figures {
public:
    figures();

    /// Whether this node leads its site.
    void leads(bool now) { leads_.Set(now ? 1 : 0); }
    /// A request that the leading node was to answer: "answered", "not_taken", "unknown".
    void forwarded(std::string_view outcome) { forwarded_.Add({{"outcome", std::string(outcome)}}).Increment(); }
    /// A delivery that this node took in for the one that leads: "taken", "duplicate", "not_taken".
    void ingested(std::string_view outcome) { ingested_.Add({{"outcome", std::string(outcome)}}).Increment(); }
    /// What was taken in and has not left the inbox.
    void inbox_depth(double deliveries) { inbox_.Set(deliveries); }
    /// Desks and chats that are passed on, to whichever node leads.
    void relays(double open) { relays_.Set(open); }
    /// One of them had to look for the node that leads now.
    void relay_moved() { relays_moved_.Increment(); }

    /// The text exposition format, version 0.0.4.
    std::string text() const;

private:
    std::shared_ptr<prometheus::Registry> registry_;
    prometheus::Gauge& leads_;
    prometheus::Family<prometheus::Counter>& forwarded_;
    prometheus::Family<prometheus::Counter>& ingested_;
    prometheus::Gauge& inbox_;
    prometheus::Gauge& relays_;
    prometheus::Counter& relays_moved_;
};

}  // namespace kindred::nodes
