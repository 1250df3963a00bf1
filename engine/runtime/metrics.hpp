#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/sending/send_gates.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kindred::runtime {

/// Every figure that /metrics shows of the engine (docs/operate.md). Labels are bounded: channels, queues, outcomes.
/// Thread-safe.
class metrics {
public:
    metrics();

    /// accepted, duplicate, ignored, refused, quarantined; `reason` for the last three.
    void contact(std::string_view channel, std::string_view outcome, std::string_view reason);
    void decided(std::chrono::nanoseconds took) { decision_.Observe(seconds(took)); }
    void committed(std::chrono::nanoseconds took) { commit_.Observe(seconds(took)); }
    void webhook(std::chrono::nanoseconds took) { webhook_.Observe(seconds(took)); }
    /// A queue exists: its figures show from now on, 0 until something happens.
    void know_queue(const std::string& queue);
    void queue_waiting(const std::string& queue, double tickets);
    void queue_waited(const std::string& queue, duration waited);
    void offer(std::string_view outcome);
    void escalated(const std::string& escalation);
    void decided_by_arm(const std::string& arm, const std::string& outcome);
    /// "delivered", "retried", "dead", "dropped".
    void event(const std::string& subscription, std::string_view outcome);
    /// "answered", "remembered", "joined", "failed", "overloaded".
    void inquiry(const std::string& channel, std::string_view outcome);
    /// As of runtime::crm_lookup.
    void crm_lookup(const std::string& outcome);
    void circuit(const std::string& host, circuit_state state);
    /// A message that could go but for "retry_after" or "circuit".
    void kept_back(const std::string& channel, std::string_view why);
    /// What its time was over for, by kind.
    void retired(const std::string& kind, double count);
    void outbox_pending(double messages) { outbox_.Set(messages); }
    void unmatched(double found) { sweep_.Increment(found); }
    void active_rules(const std::string& hash);
    void rules_refused() { rules_refused_.Increment(); }
    void http_answered(unsigned status);
    void http_refused(std::string_view reason);
    /// Of a listener: in use now, until then.
    void certificate(const std::string& file, time_point until);
    void certificate_refused() { certificates_refused_.Increment(); }
    void connections(double open) { connections_.Set(open); }

    /// The text exposition format, version 0.0.4.
    std::string text() const;

private:
    static double seconds(std::chrono::nanoseconds took) { return std::chrono::duration<double>(took).count(); }

    std::shared_ptr<prometheus::Registry> registry_;
    prometheus::Family<prometheus::Counter>& contacts_;
    prometheus::Family<prometheus::Gauge>& waiting_;
    prometheus::Family<prometheus::Histogram>& waits_;
    prometheus::Family<prometheus::Counter>& offers_;
    prometheus::Family<prometheus::Gauge>& rules_;
    prometheus::Family<prometheus::Counter>& escalations_;
    prometheus::Family<prometheus::Counter>& arms_;
    prometheus::Family<prometheus::Counter>& events_;
    prometheus::Family<prometheus::Counter>& inquiries_;
    prometheus::Family<prometheus::Counter>& crm_lookups_;
    prometheus::Family<prometheus::Gauge>& circuits_;
    prometheus::Family<prometheus::Counter>& kept_back_;
    prometheus::Family<prometheus::Counter>& retired_;
    prometheus::Family<prometheus::Counter>& answers_;
    prometheus::Family<prometheus::Counter>& refusals_;
    prometheus::Histogram& decision_;
    prometheus::Histogram& commit_;
    prometheus::Histogram& webhook_;
    prometheus::Gauge& outbox_;
    prometheus::Counter& sweep_;
    prometheus::Counter& rules_refused_;
    prometheus::Gauge& connections_;
    prometheus::Family<prometheus::Gauge>& certificates_;
    prometheus::Counter& certificates_refused_;
    std::mutex mutex_;
    std::unordered_map<std::string, prometheus::Counter*> contact_counters_;  ///< by channel, outcome and reason
    std::string active_hash_;
};

}  // namespace kindred::runtime
