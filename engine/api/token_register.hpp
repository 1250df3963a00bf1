#pragma once
#include "engine/api/call.hpp"
#include "engine/base/time.hpp"
#include "engine/store/store.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
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
    std::string role = std::string(runtime::built_in::api);
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

    /// What roles permit at the moment.
    using roles_source = std::function<std::shared_ptr<const runtime::roster>()>;

    /// `durable` must outlive this. Nobody else writes its tokens.
    token_register(store::store& durable, roles_source roles, std::vector<configured_token> configured);

    /// Whom the secret proves; nothing where it may be a session's. errc::unauthorized where it was revoked or never
    /// given out. Reads the store once, then answers from memory.
    result<std::optional<caller>> find(std::string_view secret);

    /// A new token's secret, which is kept nowhere. errc::invalid for a name that is none or a role that there is not,
    /// errc::conflict when the name is taken, the role is going or there are too many.
    result<std::string> give_out(const std::string& name, const std::string& role, time_point now);
    /// From now on it proves nobody. errc::not_found when no token of that name is in force.
    result<void> revoke(const std::string& name);
    /// The role of one that is in force; nothing where none of that name is.
    result<std::optional<std::string>> role_of(const std::string& name);
    /// All that were ever given out, the oldest first.
    result<std::vector<store::token_row>> list() { return durable_.tokens(); }

    /// How many tokens in force have a role, by its name.
    result<std::map<std::string, std::size_t, std::less<>>> count_by_role();
    /// From now until open_role() nobody is given the role, so that it can be removed. errc::conflict where a token in
    /// force has it, or it is being removed already; then nothing is closed.
    result<void> close_role(const std::string& role);
    void open_role(const std::string& role);

private:
    result<void> check_role(const std::string& role) const;
    runtime::permission_set permitted_by(std::string_view role) const;
    result<void> load_once();
    std::optional<store::token_row> named(const std::string& name) const;

    store::store& durable_;
    const roles_source roles_;
    const std::vector<configured_token> configured_;
    std::mutex changing_;  ///< held while the store writes; readers go on meanwhile
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, store::token_row> in_force_;  ///< by hash
    mutable std::mutex closing_;  ///< held for a moment: whoever has removed a role must not wait for the store
    std::set<std::string> closed_roles_;
    std::atomic<bool> loaded_{false};
};

}  // namespace kindred::api
