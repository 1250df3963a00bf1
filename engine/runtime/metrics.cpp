#include "engine/runtime/metrics.hpp"

#include "engine/runtime/process_figures.hpp"

#include <prometheus/text_serializer.h>

namespace kindred::runtime {
namespace {

const prometheus::Histogram::BucketBoundaries short_times{0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005,
                                                          0.01,    0.05,    0.1,    0.5,    1,     5};
const prometheus::Histogram::BucketBoundaries waits{1, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400};

auto& a_counter(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
auto& a_gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
auto& a_histogram(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

std::shared_ptr<prometheus::Registry>& registry_of_process() {
    static std::shared_ptr<prometheus::Registry> shared;
    return shared;
}

std::shared_ptr<prometheus::Registry> a_registry() {
    // A registry gives who names the same figure again the one that is there.
    return registry_of_process() ? registry_of_process() : std::make_shared<prometheus::Registry>();
}

}  // namespace

void share_figures_in_this_process() { registry_of_process() = std::make_shared<prometheus::Registry>(); }

metrics::metrics()
    : registry_(a_registry()),
      contacts_(a_counter(*registry_, "kindred_contacts_total", "Inbound items by channel and what became of them")),
      waiting_(a_gauge(*registry_, "kindred_queue_waiting", "Tickets waiting in a queue")),
      waits_(a_histogram(*registry_, "kindred_queue_wait_seconds", "How long tickets waited until an agent held them")),
      offers_(a_counter(*registry_, "kindred_offers_total", "Offers to agents by outcome")),
      rules_(a_gauge(*registry_, "kindred_ruleset_info", "1 for the ruleset that is active")),
      escalations_(a_counter(*registry_, "kindred_escalations_total", "Escalations that were carried out, by name")),
      arms_(a_counter(*registry_, "kindred_rollout_decisions_total",
                      "Decisions while rules are on trial, by arm and, of a shadow, by what differs")),
      events_(a_counter(*registry_, "kindred_events_total",
                        "Attempts to deliver events to the centre's own systems, by subscription and outcome")),
      inquiries_(a_counter(*registry_, "kindred_inquiries_total",
                           "What connectors asked elsewhere about deliveries and their senders, by outcome")),
      crm_lookups_(a_counter(*registry_, "kindred_crm_lookups_total",
                             "Senders about whom the outside CRM was to be asked, by what came of it")),
      circuits_(a_gauge(*registry_, "kindred_provider_circuit",
                        "Calls to a provider's host: 0 go through, 2 kept back after failures")),
      kept_back_(a_counter(*registry_, "kindred_outbox_kept_back_total",
                           "Times that sending waited for a provider, by channel and reason")),
      retired_(a_counter(*registry_, "kindred_retention_removed_total", "What its time was over for, by kind")),
      answers_(a_counter(*registry_, "kindred_http_responses_total", "HTTP answers by status")),
      refusals_(
          a_counter(*registry_, "kindred_http_refused_total", "HTTP requests refused before any handler, by reason")),
      decision_(a_histogram(*registry_, "kindred_decision_seconds",
                            "Taking one inbound record in, rules and dispatch included")
                    .Add({}, short_times)),
      commit_(a_histogram(*registry_, "kindred_commit_seconds", "One batch to the store").Add({}, short_times)),
      webhook_(a_histogram(*registry_, "kindred_webhook_seconds", "A provider's request until it is answered")
                   .Add({}, short_times)),
      outbox_(a_gauge(*registry_, "kindred_outbox_pending", "Messages to customers that are not settled").Add({})),
      sweep_(a_counter(*registry_, "kindred_unmatched_sweep_total",
                       "Waiting tickets that an agent could have been offered: must stay 0")
                 .Add({})),
      rules_refused_(a_counter(*registry_, "kindred_ruleset_refused_total", "Rule changes that were refused").Add({})),
      connections_(a_gauge(*registry_, "kindred_http_connections", "Open connections").Add({})),
      certificates_(a_gauge(*registry_, "kindred_certificate_until_seconds",
                            "Until when a listener's certificate is valid, in seconds since 1970")),
      certificates_refused_(
          a_counter(*registry_, "kindred_certificate_refused_total", "Replaced certificates that could not be used")
              .Add({})) {
    // From the first scrape on, so that rates and alerts see a beginning.
    for (const auto* outcome : {"accepted", "declined", "expired", "revoked"}) offers_.Add({{"outcome", outcome}});
}

void metrics::contact(std::string_view channel, std::string_view outcome, std::string_view reason) {
    std::string key(channel);
    key.append(1, '\0').append(outcome).append(1, '\0').append(reason);
    const std::lock_guard hold(mutex_);
    auto& counter = contact_counters_[key];
    if (counter == nullptr) {
        prometheus::Labels labels{{"channel", std::string(channel)}, {"outcome", std::string(outcome)}};
        if (!reason.empty()) labels.emplace("reason", reason);
        counter = &contacts_.Add(labels);
    }
    counter->Increment();
}

void metrics::queue_waiting(const std::string& queue, double tickets) { waiting_.Add({{"queue", queue}}).Set(tickets); }

void metrics::know_queue(const std::string& queue) {
    waiting_.Add({{"queue", queue}});
    waits_.Add({{"queue", queue}}, waits);
}

void metrics::queue_waited(const std::string& queue, duration waited) {
    waits_.Add({{"queue", queue}}, waits).Observe(std::chrono::duration<double>(waited).count());
}

void metrics::offer(std::string_view outcome) { offers_.Add({{"outcome", std::string(outcome)}}).Increment(); }

void metrics::escalated(const std::string& escalation) { escalations_.Add({{"escalation", escalation}}).Increment(); }

void metrics::retired(const std::string& kind, double count) { retired_.Add({{"kind", kind}}).Increment(count); }

void metrics::decided_by_arm(const std::string& arm, const std::string& outcome) {
    arms_.Add({{"arm", arm}, {"outcome", outcome}}).Increment();
}

void metrics::event(const std::string& subscription, std::string_view outcome) {
    events_.Add({{"subscription", subscription}, {"outcome", std::string(outcome)}}).Increment();
}

void metrics::inquiry(const std::string& channel, std::string_view outcome) {
    inquiries_.Add({{"channel", channel}, {"outcome", std::string(outcome)}}).Increment();
}

void metrics::crm_lookup(const std::string& outcome) { crm_lookups_.Add({{"outcome", outcome}}).Increment(); }

void metrics::circuit(const std::string& host, circuit_state state) {
    circuits_.Add({{"host", host}}).Set(static_cast<double>(state));
}

void metrics::certificate(const std::string& file, time_point until) {
    certificates_.Add({{"file", file}}).Set(static_cast<double>(to_millis(until)) / 1000);
}

void metrics::kept_back(const std::string& channel, std::string_view why) {
    kept_back_.Add({{"channel", channel}, {"reason", std::string(why)}}).Increment();
}

void metrics::active_rules(const std::string& hash) {
    const std::lock_guard hold(mutex_);
    if (!active_hash_.empty()) rules_.Remove(&rules_.Add({{"hash", active_hash_}}));
    active_hash_ = hash;
    rules_.Add({{"hash", hash}}).Set(1);
}

void metrics::http_answered(unsigned status) { answers_.Add({{"status", std::to_string(status)}}).Increment(); }
void metrics::http_refused(std::string_view reason) { refusals_.Add({{"reason", std::string(reason)}}).Increment(); }

std::string metrics::text() const { return prometheus::TextSerializer().Serialize(registry_->Collect()); }

}  // namespace kindred::runtime
