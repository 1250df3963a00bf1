#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace kindred::redis {

/// A real redis-server of this test's own on a free port of the loopback device, in a folder of its own. Safe as our
/// store wants it: append-only file, no eviction. Ends with the object.
class redis_server {
public:
    /// `more`: further arguments, "--name", "value", ...; later ones win. "PORT" becomes the server's port.
    explicit redis_server(std::vector<std::string> more = {});
    /// Instead of a server one that watches a master, "mymaster", and has a replica take its place after 300 ms.
    struct watches {
        std::uint16_t master;
        int config_epoch = 0;  ///< how many failovers it knows of
    };
    explicit redis_server(watches of);
    ~redis_server();
    redis_server(const redis_server&) = delete;
    redis_server& operator=(const redis_server&) = delete;

    std::uint16_t port() const { return port_; }
    const std::string& folder() const { return folder_; }
    /// SIGKILL; what the append-only file has stays.
    void kill();
    /// SIGTERM, which lets it end in due form.
    void stop();
    /// Starts it again, at the same port and in the same folder, and waits until it answers.
    void start();
    /// The same, and does not wait until it has read its file: it answers LOADING until then.
    void begin_to_start();
    void freeze();
    void thaw();

private:
    void end_by(int signal);
    void launch();
    void wait_until(bool (*is_there)(std::uint16_t port));
    std::vector<std::string> arguments() const;
    void make_folder();

    std::vector<std::string> more_;
    std::string folder_;
    std::uint16_t port_;
    pid_t process_ = 0;
    std::string sentinel_;  ///< its configuration; empty: it is a server
};

}  // namespace kindred::redis
