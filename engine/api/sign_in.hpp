#pragma once
#include "engine/api/call.hpp"
#include "engine/base/time.hpp"
#include "engine/base/worker_pool.hpp"
#include "engine/runtime/site.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace kindred::api {

/// An API token of the configuration.
struct configured_token {
    std::string name;
    std::vector<std::string> secrets;  ///< one, or two while it is changed
    runtime::role may = runtime::role::api;
};

/// Counts failed logins per account and address: ten in a quarter of an hour, then it is refused for a while whatever
/// the password. Thread-safe.
class login_limit {
public:
    bool blocked(const std::string& account, const std::string& peer, time_point now);
    void failed(const std::string& account, const std::string& peer, time_point now);
    void succeeded(const std::string& account, const std::string& peer);

private:
    struct failures {
        int count = 0;
        time_point first;
    };
    void forget_old(time_point now);
    std::mutex mutex_;
    std::map<std::string, failures> by_account_;
};

/// Logs people in and out and knows who asks. Thread-safe; checks read the store, so they belong on a blocking thread.
class sign_in {
public:
    sign_in(runtime::site& site, std::vector<configured_token> tokens, std::string public_url);

    /// Who asks: by bearer token or session cookie. errc::unauthorized when nobody proves to be anybody,
    /// errc::forbidden for a cookie request that another site may have caused (RFC 6265bis, Fetch Metadata).
    result<caller> identify(const call& asked);
    /// Whether a page of ours may open this WebSocket with its cookie.
    bool same_origin(const call& asked) const;

    void log_in(std::shared_ptr<call> asked);
    void log_out(const call& asked);
    /// Hashing takes its own threads: two at once, twenty waiting.
    void stop() { hashing_.stop(); }

private:
    result<caller> by_session(std::string_view token, bool cookie);
    std::optional<caller> by_configured_token(std::string_view token) const;
    void check_password(call& asked, const std::string& login, const std::string& password, bool bearer);
    std::string open_session(agent_id agent);

    runtime::site& site_;
    std::vector<configured_token> tokens_;
    std::string public_url_;
    login_limit limit_;
    worker_pool hashing_{2, 20};
};

inline constexpr std::string_view session_cookie = "__Host-kindred";

}  // namespace kindred::api
