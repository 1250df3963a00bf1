#pragma once
#include "engine/api/call.hpp"
#include "engine/base/time.hpp"
#include "engine/store/store.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kindred::api {

/// An API token of the configuration.
struct configured_token {
    std::string name;
    std::vector<std::string> secrets;  ///< one, or two while it is changed
    runtime::role may = runtime::role::api;
};

/// What is stored of a session's or token's secret: its SHA-256 in hex.
std::string hash_of_secret(std::string_view secret);

/// Every token that programs may show: those of the configuration, and those that admins give out. Thread-safe.
class token_register {
public:
    /// With it begins what is given out: scanners of source code find it, and no session is looked up for it.
    static constexpr std::string_view prefix = "kindred_";
    /// So many that were given out are in force at once.
    static constexpr std::size_t most = 1'000;

    /// `durable` must outlive this. Nobody else writes its tokens.
    token_register(store::store& durable, std::vector<configured_token> configured);

    /// Whom the secret proves; nothing where it may be a session's. errc::unauthorized where it was revoked or never
    /// given out. Reads the store once, then answers from memory.
    result<std::optional<caller>> find(std::string_view secret);

    /// A new token's secret, which is kept nowhere. errc::invalid for a name that is none, errc::conflict when it is
    /// taken or there are too many.
    result<std::string> give_out(const std::string& name, runtime::role may, time_point now);
    /// From now on it proves nobody. errc::not_found when no token of that name is in force.
    result<void> revoke(const std::string& name);
    /// All that were ever given out, the oldest first.
    result<std::vector<store::token_row>> list() { return durable_.tokens(); }

private:
    result<void> load_once();
    std::optional<store::token_row> named(const std::string& name) const;

    store::store& durable_;
    const std::vector<configured_token> configured_;
    std::mutex changing_;  ///< held while the store writes; readers go on meanwhile
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, store::token_row> in_force_;  ///< by hash
    std::atomic<bool> loaded_{false};
};

}  // namespace kindred::api
