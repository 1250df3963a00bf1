#pragma once
#include "engine/http/handler.hpp"
#include "engine/http/peer_client.hpp"
#include "engine/http/static_files.hpp"
#include "engine/nodes/figures.hpp"
#include "engine/nodes/forwarder.hpp"
#include "engine/nodes/ingress.hpp"
#include "engine/nodes/leader.hpp"
#include "engine/nodes/leader_watch.hpp"
#include "engine/runtime/channels.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>

namespace kindred::nodes {

class relay;
class arrival_turns;

struct exchange_settings {
    bool alone = true;                          ///< there are no other nodes: nothing is passed on
    std::string node;                           ///< this one's name
    std::chrono::milliseconds held_for{5'000};  ///< a request that waits for a node to lead
};

/// Where a request comes from: what this node cannot answer it takes further, or leaves to the node that asked.
enum class whence { outside = 1, another_node };

/// What everybody who comes to this node meets, whether it leads or not: the site, while it is here; else the pages,
/// what takes deliveries in without it, and the way to the node that leads. follow(), lead() and the like come from one
/// thread; everything else is thread-safe.
class exchange final : public http::handler {
public:
    exchange(exchange_settings settings, const runtime::channel_directory& channels, http::static_files files,
             std::shared_ptr<nodes::figures> figures);
    ~exchange() override;

    /// Another node leads, as of now.
    void follow(const leader& other);
    /// Whether what comes in now can be made durable although this node does not lead.
    void can_take_in(bool now) { takes_in_ = now; }
    /// Takes deliveries in from now on; null: nobody does. `taking` must outlive that.
    void take_in_by(ingress* taking);
    /// What comes to the site while it is here waits for its turn first, from now on; null: it does not. `turns` must
    /// outlive that.
    void let_in_by(arrival_turns* turns);
    /// The site is here: `site` answers until stop_leading(). `is_ready`: whether it can take work.
    void lead(const leader& here, std::shared_ptr<http::handler> site, std::function<bool()> is_ready);
    /// Once this returns, nothing of the site is being called, and its desks and chats wait for the next one.
    void stop_leading();
    /// Other nodes are told to look elsewhere; what they have passed on is answered.
    void refuse_passed_on() { refuses_passed_on_ = true; }
    /// Ends what is under way to other nodes. Idempotent.
    void stop();

    std::size_t body_limit(const http::request& head) override;
    void body_too_large(const http::request& head) noexcept override;
    void handle(const http::request& asked, http::responder answer) override;

    /// What another node has passed on, from inside; the pass was believed.
    void handle_passed_on(const http::request& asked, const http::responder& answer);
    /// False where the site is not here. Messages, and contacts of the centre's own systems, wait for their turn.
    bool answer_here(const http::request& asked, const http::responder& answer, whence from = whence::outside);
    bool is_ready() const;
    /// Nobody: none was heard of yet.
    std::optional<leader> who_leads() const;
    /// Rises whenever the site goes from here.
    std::uint64_t departures() const { return departures_.load(); }

    http::peer_client& peers() { return peers_; }
    /// Of what waits for a node that leads: told whenever another one does.
    leader_watch& watch() { return watch_; }
    nodes::figures& figures() { return *figures_; }
    const exchange_settings& settings() const { return settings_; }

    // Of relays alone.
    void enter(const std::shared_ptr<relay>& one);
    void leave(const relay* one);

private:
    bool take_in(const http::request& asked, const http::responder& answer);
    bool answer_at_once(const http::request& asked, const http::responder& answer);
    http::responder unless_the_site_goes(const http::responder& answer);
    bool wait_for_turn(const http::request& asked, const http::responder& answer, whence from);
    void know(const leader& now);
    void leave_soon(const std::string& address);

    const exchange_settings settings_;
    const runtime::channel_directory& channels_;
    const http::static_files files_;
    const std::shared_ptr<nodes::figures> figures_;
    forwarder forwarder_;
    mutable std::shared_mutex site_mutex_;  ///< held while the site is called
    std::shared_ptr<http::handler> site_;
    std::function<bool()> is_ready_;
    std::shared_mutex ingress_mutex_;
    ingress* ingress_ = nullptr;
    std::shared_mutex turns_mutex_;
    arrival_turns* turns_ = nullptr;
    mutable std::mutex mutex_;
    std::optional<leader> leader_;
    std::map<const relay*, std::weak_ptr<relay>> relays_;
    std::atomic<std::uint64_t> departures_{0};
    std::atomic<bool> takes_in_{false};
    std::atomic<bool> refuses_passed_on_{false};
    leader_watch watch_;
    http::peer_client peers_;  // last: what it still holds refers to everything above
};

/// The listener that other nodes reach: what they pass on is answered here, or by nobody.
class back_door final : public http::handler {
public:
    back_door(exchange& inside, const clock& now) : inside_(inside), now_(now) {}

    std::size_t body_limit(const http::request& head) override { return inside_.body_limit(head); }
    void handle(const http::request& asked, http::responder answer) override;

private:
    exchange& inside_;
    const clock& now_;
};

}  // namespace kindred::nodes
