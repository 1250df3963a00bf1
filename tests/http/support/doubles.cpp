#include "http/support/doubles.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string_view>

namespace kindred::http::test {
namespace {

void say(int socket, std::string_view bytes) {
    static_cast<void>(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

/// Reads up to and including `end`; empty when the peer leaves first.
std::string read_until(int socket, std::string& unread, std::string_view end) {
    std::size_t at = 0;
    while ((at = unread.find(end)) == std::string::npos) {
        std::array<char, 4096> part{};
        const auto size = ::recv(socket, part.data(), part.size(), 0);
        if (size <= 0) return {};
        unread.append(part.data(), static_cast<std::size_t>(size));
    }
    const auto taken = unread.substr(0, at + end.size());
    unread.erase(0, taken.size());
    return taken;
}

}  // namespace

socket_double::socket_double(std::function<void(int)> talk)
    : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}), thread_([this, talk = std::move(talk)] {
          while (true) {
              boost::system::error_code stopped;
              auto peer = acceptor_.accept(stopped);
              if (stopped) return;
              const timeval patience{20, 0};
              ::setsockopt(peer.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
              peer_ = peer.native_handle();
              talk(peer.native_handle());
              peer_ = -1;
          }
      }) {}

socket_double::~socket_double() {
    // Wakes the blocking calls of the thread.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    if (const int talking_to = peer_; talking_to >= 0) ::shutdown(talking_to, SHUT_RDWR);
    thread_.join();
}

struct smtp_double::state {
    explicit state(std::vector<line> lines) : script(std::move(lines)), server([this](int socket) { talk(socket); }) {}

    std::string reply_to(const std::string& command) const {
        const auto found =
            std::ranges::find_if(script, [&](const line& each) { return command.starts_with(each.begins); });
        if (found != script.end()) return found->reply;
        return command.starts_with("DATA") ? "354 go on" : "250 2.0.0 fine";
    }

    void talk(int socket) {
        std::string unread;
        say(socket, reply_to("CONNECT").replace(0, 3, "220") + "\r\n");
        for (auto got = read_until(socket, unread, "\r\n"); !got.empty(); got = read_until(socket, unread, "\r\n")) {
            got.resize(got.size() - 2);
            {
                const std::lock_guard hold(mutex);
                commands.push_back(got);
            }
            const auto reply = reply_to(got);
            say(socket, reply + "\r\n");
            if (got.starts_with("QUIT")) return;
            if (!got.starts_with("DATA") || !reply.starts_with("354")) continue;
            auto data = read_until(socket, unread, "\r\n.\r\n");
            data.resize(data.size() - std::min<std::size_t>(data.size(), 3));
            {
                const std::lock_guard hold(mutex);
                message = data;
            }
            const auto verdict = reply_to("END");
            if (verdict == "hang up") return;
            say(socket, verdict + "\r\n");
        }
    }

    std::vector<line> script;
    std::mutex mutex;
    std::vector<std::string> commands;
    std::string message;
    socket_double server;
};

smtp_double::smtp_double(std::vector<line> script) : state_(std::make_unique<state>(std::move(script))) {}
smtp_double::~smtp_double() = default;
std::uint16_t smtp_double::port() const { return state_->server.port(); }
std::vector<std::string> smtp_double::commands() const {
    const std::lock_guard hold(state_->mutex);
    return state_->commands;
}
std::string smtp_double::message() const {
    const std::lock_guard hold(state_->mutex);
    return state_->message;
}

}  // namespace kindred::http::test
