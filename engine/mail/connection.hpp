#pragma once
#include "engine/mail/context_door.hpp"
#include "engine/mail/conversation.hpp"
#include "engine/tls/wire.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace kindred::mail {

using coarse_time = std::chrono::steady_clock::time_point;

/// Carries the bytes of one conversation over its socket. Everything happens on the listener's thread.
class connection : public std::enable_shared_from_this<connection> {
public:
    /// What connections have in common; outlives them on the listener's thread.
    struct surroundings {
        const listener_settings& settings;
        receiver& receiving;
        std::shared_ptr<context_door> door;
        std::function<void(const std::shared_ptr<connection>&)> ended;
        std::size_t buffered = 0;  ///< bytes of the mails that are being received, over all connections
    };

    connection(boost::asio::ip::tcp::socket peer, std::string address, surroundings& around);

    void start();
    void look_at_limits(coarse_time now);
    /// Ends it with 421, unless it waits for its mail to be answered.
    void drain();
    void cut() { close(); }

private:
    enum class stage { reading = 1, waiting, writing, shaking_hands, closed };

    void go_on();
    void fulfil(conversation::want wish);
    void read();
    void write();
    void written();
    void shake_hands();
    void deliver();
    void answered(const std::vector<reply>& by_recipient);
    void report_refusal();
    void account();
    void give_up(const reply& last, std::string_view reason);
    void close();
    void expire_in(std::chrono::milliseconds span) { expires_ = std::chrono::steady_clock::now() + span; }

    tls::wire<boost::asio::ip::tcp::socket> wire_;
    std::string address_;
    surroundings& around_;
    conversation talk_;
    stage stage_ = stage::reading;
    std::array<char, 16384> in_{};
    std::string out_;
    std::size_t accounted_ = 0;
    coarse_time expires_;
    bool draining_ = false;
    bool closes_after_write_ = false;
    bool secures_after_write_ = false;
};

}  // namespace kindred::mail
