#pragma once
#include "engine/app/config.hpp"
#include "engine/app/signals.hpp"
#include "engine/store/redis/redis.hpp"

#include <functional>
#include <memory>

namespace kindred::app {

/// What `serve` keeps its site in, as the configuration says.
class site_store {
public:
    static result<site_store> open(const config& settings);

    store::store& operator*() const { return *durable_; }

    /// What is heard while this node follows. Called on the thread that waits, several times a second.
    struct listener {
        std::function<void(const store::leader&)> follows;
        std::function<void()> unreachable;                  ///< Redis does not answer, or not for this site
        std::function<void(signal_watch::told)> signalled;  ///< nothing, or to reload
    };
    /// Waits until this node may write the site, and follows whoever does meanwhile; at once where no other node can.
    /// False when a signal said to stop first. `ran`: this process has led or followed the site before, and so waits
    /// too where Redis has lost it; else that is errc::conflict, for whoever starts it.
    result<bool> wait_to_lead(signal_watch& signals, const listener& to, bool ran) const;
    /// The store, where other nodes share it; else null.
    store::shared_store* shared() const { return shared_; }
    /// Where the bytes of files are; null: in a folder beside the database, which is this process' alone.
    store::file_place* files() const;
    /// Another node writes the site although this one did: nothing that this one decides counts any more.
    bool was_fenced() const { return shared_ != nullptr && shared_->was_fenced(); }
    /// The site is to go to another node, which leads fewer: this one ends what is under way and follows.
    bool should_hand_over() const { return shared_ != nullptr && shared_->should_hand_over(); }

private:
    std::unique_ptr<store::store> durable_;
    std::unique_ptr<store::file_place> folder_;  ///< of files, where nodes share one
    store::shared_store* shared_ = nullptr;      ///< `durable_`, where other nodes share it
};

}  // namespace kindred::app
