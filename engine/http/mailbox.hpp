#pragma once
#include "engine/http/response.hpp"
#include "engine/http/websocket.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kindred::http {

/// A request to become a WebSocket was granted.
struct upgrade {
    std::shared_ptr<websocket_events> events;
    std::string protocol;
};
/// Nobody is left who could answer.
struct abandoned {};
/// There is something to do: look at your own queue.
struct wake_up {};

using letter = std::variant<response, upgrade, abandoned, wake_up>;

/// Something that lives on an I/O thread and gets letters there.
class addressee {
public:
    virtual ~addressee() = default;
    virtual void deliver(letter received) = 0;

protected:
    addressee() = default;
    addressee(const addressee&) = default;
    addressee& operator=(const addressee&) = default;
};

/// The way from any thread to one I/O thread. Letters travel in batches: the first one into an empty box wakes the
/// thread, the others ride along (a wake-up costs hundreds of times what a letter does).
class mailbox {
public:
    explicit mailbox(boost::asio::io_context& home) : context_(&home) {}

    /// Thread-safe. Letters to those that are gone, and all letters once the box is closed, are dropped.
    void put(std::weak_ptr<addressee> to, letter sent);

    /// From now on nothing reaches the context, which may then be destroyed.
    void close();

    /// Called by the I/O thread when it begins.
    void settle() const;
    /// Whether the caller is that thread.
    bool is_home() const;

private:
    void empty();

    std::mutex mutex_;
    boost::asio::io_context* context_;  ///< null once closed
    std::vector<std::pair<std::weak_ptr<addressee>, letter>> waiting_;
};

}  // namespace kindred::http
