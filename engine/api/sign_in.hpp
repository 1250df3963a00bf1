#pragma once
#include "engine/api/call.hpp"
#include "engine/api/token_register.hpp"
#include "engine/base/time.hpp"
#include "engine/base/worker_pool.hpp"
#include "engine/runtime/site.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kindred::api {

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

    /// The tokens that identify() knows.
    token_register& tokens() { return tokens_; }
    /// Ends every session of somebody, durably. Their desks stay open.
    result<void> end_sessions(agent_id whose);
    /// Work that hashes or checks a password, on the threads for it. Answers 429 where too much of it waits.
    void on_hashing_thread(const std::shared_ptr<call>& asked, std::function<void()> work);
    /// What answers somebody whose password this is not, or who guessed too often; nothing when it is right. Counts
    /// like a log-in. For hashing threads.
    std::optional<http::response> refusal_of(const runtime::person& someone, const std::string& password,
                                             const std::string& peer);
    /// Hashing takes its own threads: two at once, twenty waiting.
    void stop() { hashing_.stop(); }

private:
    result<caller> by_session(std::string_view token, bool cookie);
    void check_password(call& asked, const std::string& login, const std::string& password, bool bearer);
    std::string open_session(agent_id agent);
    result<void> note_use(const store::session_row& session);
    result<void> end_session(const std::string& hash);

    runtime::site& site_;
    token_register tokens_;
    std::string public_url_;
    login_limit limit_;
    std::mutex ending_;  ///< so that a session that ends is not stored once more as one that was used
    worker_pool hashing_{2, 20};
};

inline constexpr std::string_view session_cookie = "__Host-kindred";

}  // namespace kindred::api
