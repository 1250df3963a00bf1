#pragma once
#include "engine/base/error.hpp"
#include "engine/redis/call_figures.hpp"
#include "engine/redis/command.hpp"
#include "engine/redis/reply_reader.hpp"
#include "engine/tls/client_stream.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kindred::redis {

struct server_address {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;

    bool operator==(const server_address&) const = default;
};

/// How a server is reached, and as whom.
struct connection_settings {
    server_address server;
    bool tls = false;
    std::string ca_file;           ///< certificates that are trusted instead of the system's
    std::string user;              ///< of the ACL; empty: "default"
    std::string password;          ///< empty: no log-in
    std::string name = "kindred";  ///< as CLIENT LIST shows it; no spaces
    std::chrono::milliseconds connect_within{2'000};
    std::chrono::milliseconds answer_within{5'000};
    std::shared_ptr<call_figures> figures;  ///< where it is counted what comes of it; may be none
};

/// Commands that go out together at most, and their bytes.
inline constexpr std::size_t most_commands = 10'000;
inline constexpr std::size_t most_command_bytes = std::size_t{64} << 20;

/// A log-in at one server. Pipelines go out whole and their replies come back in order. One thread at a time; once a
/// call has failed, the connection is of no more use.
class connection {
public:
    /// errc::unavailable: not reached, or it refuses for now; errc::unauthorized: it refuses the log-in.
    static result<std::unique_ptr<connection>> open(const connection_settings& settings, const tls::stop_bell& bell);

    /// The replies, as many as commands; refusals are among them. errc::too_large: over the limits, nothing was sent.
    /// errc::unknown: something was sent and not all was answered, whatever the reason: each command may or may not
    /// have been carried out.
    result<std::vector<reply>> call(std::span<const command> commands);
    /// The same with another patience, for commands that wait by themselves (WAIT, XREAD BLOCK).
    result<std::vector<reply>> call(std::span<const command> commands, std::chrono::milliseconds within);

    bool is_usable() const { return usable_; }

private:
    connection(const connection_settings& settings, std::unique_ptr<tls::client_stream> over)
        : settings_(settings), over_(std::move(over)) {}
    result<void> log_in();
    result<std::vector<reply>> read(std::size_t wanted, std::chrono::milliseconds within);
    void count(const result<std::vector<reply>>& came) const;

    const connection_settings settings_;
    std::unique_ptr<tls::client_stream> over_;
    reply_reader reader_;
    bool usable_ = true;
    std::string out_;
};

}  // namespace kindred::redis
