#pragma once
#include "engine/http/handler.hpp"
#include "engine/http/io_thread.hpp"
#include "engine/http/request_reader.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kindred::http {

/// One HTTP/1.x connection: reads a request, has it answered, writes the answer, and reads the next one only then.
/// Lives on its thread; kept there until it closes or becomes a WebSocket. Shaped for speed
/// (docs/decisions/0301-http-edge.md): one read into a large buffer, one write of the whole response, no timer of its
/// own.
class connection final : public session, public std::enable_shared_from_this<connection> {
public:
    /// `secured_by` null: plain TCP.
    connection(socket peer, boost::asio::ip::address address, io_thread& home, std::shared_ptr<handler> answering,
               std::shared_ptr<SSL_CTX> secured_by);

    void start();

    void look_at_limits(coarse_time now) override;
    void drain() override;
    void cut() override;
    void deliver(letter received) override;

    /// Whether an answer given right now is picked up without a detour: the handler is just being called.
    bool is_asking() const { return asking_; }

private:
    enum class stage { shaking_hands = 1, reading, waiting, writing, lingering, closed };

    void shake_hands();
    void on_handshake(boost::system::error_code failed);
    void read();
    void on_read(boost::system::error_code failed, std::size_t size);
    void process();
    /// Takes one step with the reader; false when it must wait for bytes, an answer or the socket.
    bool step();
    bool begin_body();
    bool send_continue();
    bool ask();
    void call_handler();
    bool act_on(letter answer);
    bool answer(const response& given);
    bool refuse(refusal reason);
    bool become_websocket(upgrade granted);

    /// Writes out_; true when all of it is out at once and the next request may follow.
    bool write();
    void write_rest(std::size_t done);
    bool written();
    void linger();
    void discard();
    void close();
    void leave();

    void expire_at(coarse_time when) { expires_ = when; }
    void expire_reading(coarse_time now);
    bool account_for_body();
    void forget_body();

    wire wire_;
    std::shared_ptr<SSL_CTX> secured_by_;  ///< until the handshake has begun
    boost::asio::ip::address address_;
    std::string peer_;
    io_thread& home_;
    std::shared_ptr<handler> handler_;
    request_reader reader_;
    stage stage_ = stage::reading;
    coarse_time expires_;
    coarse_time asked_at_;
    std::size_t window_bytes_ = 0;  ///< of the body, since the last look at its rate
    std::size_t buffered_ = 0;      ///< accounted for with admission
    std::string out_;
    std::optional<letter> early_;  ///< an answer given while the handler was being called
    unsigned answered_status_ = 0;
    bool asking_ = false;
    bool read_pending_ = false;
    bool in_body_ = false;
    bool close_after_ = false;
    bool counted_in_flight_ = false;
};

}  // namespace kindred::http
