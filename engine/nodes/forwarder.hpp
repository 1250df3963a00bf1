#pragma once
#include "engine/http/responder.hpp"
#include "engine/nodes/kept_request.hpp"

#include <atomic>
#include <chrono>
#include <memory>

namespace kindred::nodes {

class exchange;
struct leader;

/// Takes requests to the node that leads, and holds them for a while where none does. Thread-safe.
class forwarder {
public:
    explicit forwarder(exchange& from) : from_(from) {}

    void forward(kept_request asked, http::responder answer);
    /// Another node leads: that the one before was silent counts no more.
    void ask_at_once() { silent_until_ = 0; }

private:
    struct errand {
        kept_request asked;
        http::responder answer;
        std::chrono::steady_clock::time_point until;  ///< nobody is looked for any longer
    };
    void run(const std::shared_ptr<errand>& one);
    void came_back(const std::shared_ptr<errand>& one, result<http::client_response> said);
    void hold(const std::shared_ptr<errand>& one);
    void refuse(const errand& one, std::string_view outcome, http::response told);

    exchange& from_;
    std::atomic<std::size_t> held_{0};
    std::atomic<std::size_t> held_bytes_{0};
    std::atomic<std::chrono::steady_clock::rep> silent_until_{0};  ///< nobody answered lately: it is not asked before
};

/// The request to that node, with a pass.
http::peer_request passed_on(const exchange& from, const leader& to, const kept_request& asked, std::string target);

/// 503, with which a node says that it does not lead.
http::response not_leading();
/// What who asked is told where nobody knows.
http::response may_have_been_done();
/// Whether a node says that it does not lead, does not believe our pass, or takes nothing more: the request has had no
/// effect there.
bool is_turned_away(const http::client_response& said);

}  // namespace kindred::nodes
