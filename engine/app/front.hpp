#pragma once
#include "engine/api/gateway.hpp"
#include "engine/app/config.hpp"
#include "engine/app/doors.hpp"
#include "engine/mail/listener.hpp"
#include "engine/mail/mailbox_watch.hpp"
#include "engine/nodes/arrival_turns.hpp"
#include "engine/nodes/inbox_reader.hpp"
#include "engine/runtime/rules/ruleset_keeper.hpp"
#include "engine/store/redis/redis.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace kindred::app {

/// What belongs to the site and listens, or looks for mail, while the site is here. For one thread; what is given must
/// outlive it.
class front {
public:
    front(runtime::site& site, runtime::ruleset_keeper& rules, const config& settings, doors& of,
          const store::open_state& kept);

    result<void> open(const nodes::leader& here);
    /// From now on /readyz says 503, while everything is still answered.
    void stop_being_ready() { gateway_->stop_being_ready(); }
    /// The site is answered here no more: what comes goes to whichever node leads, and waits for it. What waits for the
    /// CRM is decided without it. Idempotent.
    void leave();
    /// Mail comes no more, within `patience`; after leave().
    void close(std::chrono::milliseconds patience);
    /// The process ends, and takes in until its doors are closed.
    void close_with_doors(std::chrono::milliseconds patience);

    api::reception_desk& reception() { return gateway_->reception(); }

private:
    void watch(const mailbox& one);
    void take_no_mail(std::chrono::milliseconds patience);
    static std::shared_ptr<runtime::crm_lookup> lookup_of(runtime::site& site, const config& settings);

    runtime::site& site_;
    const store::open_state& kept_;
    const config& settings_;
    doors& doors_;
    std::shared_ptr<runtime::crm_lookup> lookup_;
    std::shared_ptr<api::gateway> gateway_;
    std::vector<std::unique_ptr<mail::listener>> listeners_;
    std::vector<std::unique_ptr<mail::mailbox_watch>> watches_;
    bool has_left_ = false;
};

/// What any node has taken in, and behind it what comes to this one, while it leads.
class arrivals {
public:
    arrivals(store::shared_store& shared, api::reception_desk& into, doors& of);
    ~arrivals();
    arrivals(const arrivals&) = delete;
    arrivals& operator=(const arrivals&) = delete;

    /// What comes waits for its turn here no more.
    void leave() { inside_.let_in_by(nullptr); }
    /// Nothing is brought in any more. It may take some hundred milliseconds. Idempotent.
    void stop_reading() { reader_.stop(); }

private:
    nodes::exchange& inside_;
    nodes::inbox_reader reader_;
    nodes::arrival_turns turns_;
};

}  // namespace kindred::app
