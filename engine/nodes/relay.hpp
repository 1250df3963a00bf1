#pragma once
#include "engine/http/responder.hpp"
#include "engine/nodes/kept_request.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace kindred::nodes {

class exchange;

/// What a desk or a chat has been told so far: where to go on when it is connected to another node.
class told_so_far {
public:
    explicit told_so_far(const kept_request& asked);

    void note(std::string_view frame);
    /// The handshake's target, to go on from here.
    std::string target() const;

private:
    void note_chat(std::string_view frame);

    const bool desk_;
    std::string path_;
    std::string others_;  ///< the query's other parameters
    std::string visitor_;
    std::uint64_t last_ = 0;
};

/// A desk or a chat that is connected to this node, and from here to whichever node leads, which may be this one. While
/// none does it is told `reconnecting`, and nothing that it says is heard; then `reconnected`, and it goes on behind
/// what it was told last.
class relay : public std::enable_shared_from_this<relay> {
public:
    /// The handshake is answered once a node that leads has granted it, and as that node has refused it otherwise.
    static void open(exchange& on, kept_request asked, http::responder answer);
    /// One that another node's relay has opened: it ends with the site on this node.
    static void open_here(exchange& on, kept_request asked, http::responder answer);
    ~relay();
    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;

    /// The site is on this node no more.
    void site_has_gone();

private:
    class to_client;
    class to_peer;
    class to_site;
    using lock = std::lock_guard<std::mutex>;

    relay(exchange& on, kept_request asked, http::responder answer, bool only_here);

    void connect();
    bool connect_here(std::uint64_t turn, const std::string& target);
    void connect_later(std::uint64_t turn);
    void refused(std::uint64_t turn, http::response told, bool is_turned_away);
    void granted_here(std::uint64_t turn, std::uint64_t departures, std::shared_ptr<http::websocket_events> site);
    void granted_by_peer(std::uint64_t turn, const std::shared_ptr<http::websocket>& peer);
    bool tell_granted(std::uint64_t turn);
    bool pass_to_client(std::uint64_t turn, const http::shared_text& text);
    void closed_above(std::uint64_t turn, http::close_code code, std::string_view reason);
    void lose(std::uint64_t turn);

    // Of the client.
    void opened(const std::shared_ptr<http::websocket>& client);
    void heard(std::string_view text);
    void client_closed(http::close_code code, std::string_view reason);

    exchange& on_;
    const kept_request asked_;
    const http::responder answer_;
    const bool only_here_;
    const std::chrono::steady_clock::time_point until_;  ///< the handshake is refused when nobody leads by then

    /// Held while the site is told something, so that it hears one thing at a time. Before mutex_.
    std::mutex site_mutex_;
    std::shared_ptr<http::websocket_events> site_;
    std::shared_ptr<http::websocket> site_session_;
    bool site_is_open_ = false;

    std::mutex mutex_;
    told_so_far told_;
    std::uint64_t turn_ = 0;  ///< rises with each connection: what an earlier one says counts no more
    std::shared_ptr<http::websocket> peer_;
    std::shared_ptr<http::websocket> client_;
    std::deque<http::shared_text> early_;  ///< before there was a client
    std::uint32_t tries_ = 0;              ///< to be connected again
    bool answered_ = false;
    bool waiting_ = false;  ///< the client was told so
    bool over_ = false;
};

}  // namespace kindred::nodes
