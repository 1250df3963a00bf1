#include "tests/redis/support/redis_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace kindred::redis {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

bool is_free(std::uint16_t port) {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto at = loopback(port);
    const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    ::close(probe);
    return bound;
}

/// Below the ports that the kernel takes for outgoing connections: there, anybody's connection could take it between
/// our look and the server's start, even the one that asks whether the server answers yet.
std::uint16_t free_port() {
    constexpr std::uint16_t lowest = 10'000;
    constexpr std::uint16_t range = 10'000;
    static std::uint16_t next = static_cast<std::uint16_t>((static_cast<unsigned>(::getpid()) * 97U) % range);
    for (int tries = 0; tries < range; ++tries) {
        const auto port = static_cast<std::uint16_t>(lowest + next);
        next = static_cast<std::uint16_t>((next + 1) % range);
        if (is_free(port)) return port;
    }
    throw std::runtime_error("no free port");
}

/// Whether it takes connections and has read its file: anything but LOADING will do, a refusal too.
bool answers(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto at = loopback(port);
    const timeval patience{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::array<char, 64> said{};
    ssize_t size = 0;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
        ::send(socket, "PING\r\n", 6, MSG_NOSIGNAL) == 6)
        size = ::recv(socket, said.data(), said.size(), 0);
    ::close(socket);
    return size > 0 && !std::string_view(said.data(), static_cast<std::size_t>(size)).starts_with("-LOADING");
}

bool listens(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto at = loopback(port);
    const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    ::close(socket);
    return connected;
}

}  // namespace

redis_server::redis_server(std::vector<std::string> more)
    : more_(std::move(more)),
      folder_((std::filesystem::temp_directory_path() / "kindred-redis-XXXXXX").string()),
      port_(free_port()) {
    make_folder();
    start();
}

redis_server::redis_server(watches of)
    : folder_((std::filesystem::temp_directory_path() / "kindred-redis-XXXXXX").string()), port_(free_port()) {
    make_folder();
    sentinel_ = folder_ + "/sentinel.conf";
    std::ofstream(sentinel_) << "port " << port_ << "\nbind 127.0.0.1\ndir " << folder_
                             << "\nlogfile log\nsentinel monitor mymaster 127.0.0.1 " << of.master
                             << " 1\nsentinel down-after-milliseconds mymaster 300\n"
                                "sentinel failover-timeout mymaster 2000\nsentinel config-epoch mymaster "
                             << of.config_epoch << '\n';
    start();
}

void redis_server::make_folder() {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("cannot make " + folder_);
}

redis_server::~redis_server() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::vector<std::string> redis_server::arguments() const {
    if (!sentinel_.empty()) return {"redis-server", sentinel_, "--sentinel"};
    std::vector<std::string> all{"redis-server",
                                 "--port",
                                 std::to_string(port_),
                                 "--bind",
                                 "127.0.0.1",
                                 "--dir",
                                 folder_,
                                 "--appendonly",
                                 "yes",
                                 "--save",
                                 "",
                                 "--maxmemory-policy",
                                 "noeviction",
                                 "--repl-diskless-sync-delay",
                                 "0",
                                 "--appendfsync",
                                 "everysec",
                                 "--logfile",
                                 "log",
                                 "--daemonize",
                                 "no"};
    all.insert(all.end(), more_.begin(), more_.end());
    for (auto& each : all) {
        if (each == "PORT") each = std::to_string(port_);
    }
    return all;
}

void redis_server::start() {
    launch();
    // With TLS the plain port is off (0) and the TLS one is ours: there, a connection has to do.
    bool plain = true;
    for (const auto& each : more_) plain = plain && each != "--tls-port";
    wait_until(plain ? answers : listens);
}

void redis_server::begin_to_start() {
    launch();
    wait_until(listens);
}

void redis_server::launch() {
    auto told = arguments();
    std::vector<char*> raw;
    for (auto& each : told) raw.push_back(each.data());
    raw.push_back(nullptr);
    const auto parent = ::getpid();
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("cannot fork");
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves no server behind
        if (::getppid() != parent) ::_exit(1);
        ::execvp(raw[0], raw.data());
        ::_exit(127);
    }
}

void redis_server::wait_until(bool (*is_there)(std::uint16_t port)) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!is_there(port_)) {
        int status = 0;
        if (::waitpid(process_, &status, WNOHANG) == process_) {
            process_ = 0;
            throw std::runtime_error("redis-server ended at once: see " + folder_ + "/log");
        }
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error("redis-server does not answer");
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

void redis_server::end_by(int signal) {
    if (process_ == 0) return;
    ::kill(process_, signal);
    ::kill(process_, SIGCONT);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = 0;
}

void redis_server::kill() { end_by(SIGKILL); }
void redis_server::stop() { end_by(SIGTERM); }
void redis_server::freeze() { ::kill(process_, SIGSTOP); }
void redis_server::thaw() { ::kill(process_, SIGCONT); }

}  // namespace kindred::redis
