#pragma once
#include "engine/app/config.hpp"
#include "engine/app/signals.hpp"
#include "engine/store/redis/redis.hpp"

#include <memory>

namespace kindred::app {

/// What `serve` keeps its site in, as the configuration says.
class site_store {
public:
    static result<site_store> open(const config& settings);

    store::store& operator*() const { return *durable_; }

    /// Waits until this node may write the site, and follows whoever does meanwhile; at once where no other node can.
    /// False when a signal said to stop first.
    result<bool> wait_to_lead(signal_watch& signals) const;
    /// Another node writes the site although this one did: nothing that this one decides counts any more.
    bool was_fenced() const { return shared_ != nullptr && shared_->was_fenced(); }
    /// The site is to go to another node, which leads fewer: this one ends what is under way and follows.
    bool should_hand_over() const { return shared_ != nullptr && shared_->should_hand_over(); }

private:
    std::unique_ptr<store::store> durable_;
    store::shared_store* shared_ = nullptr;  ///< `durable_`, where other nodes share it
};

}  // namespace kindred::app
