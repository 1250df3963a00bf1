#include "engine/api/token_register.hpp"

#include "engine/base/digest.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t longest_name = 64;

bool is_name(std::string_view name) {
    const auto fits = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
    };
    return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

std::string hash_of_secret(std::string_view secret) {
    const auto digest = sha256(secret);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

token_register::token_register(store::store& durable, roles_source roles, std::vector<configured_token> configured)
    : durable_(durable), roles_(std::move(roles)), configured_(std::move(configured)) {}

runtime::permission_set token_register::permitted_by(std::string_view role) const {
    // Those that bring contacts in have one of these, and wait for nobody.
    if (const auto* everywhere = runtime::built_in_role(role)) return everywhere->may;
    return roles_()->may(role);
}

result<void> token_register::check_role(const std::string& role) const {
    const std::lock_guard hold(closing_);
    if (closed_roles_.contains(role)) return fail(errc::conflict, "role: " + role + " is just being removed");
    const auto people = roles_();
    if (people->find_role(role) != nullptr) return {};
    auto wanted = people->role_names();
    wanted.emplace_back(runtime::built_in::api);
    return runtime::unknown_role(role, wanted);
}

result<void> token_register::load_once() {
    if (loaded_) return {};
    const std::lock_guard alone(changing_);
    if (loaded_) return {};
    auto rows = durable_.tokens();
    if (!rows) return rows.error();
    const std::unique_lock hold(mutex_);
    for (auto& row : *rows)
        if (!row.revoked) in_force_.emplace(row.hash, std::move(row));
    loaded_ = true;
    return {};
}

result<std::optional<caller>> token_register::find(std::string_view secret) {
    for (const auto& known : configured_)
        for (const auto& each : known.secrets)
            if (equal_secrets(each, secret))
                return std::optional(caller{permitted_by(known.role), known.role, {}, known.name, false, {}});
    if (!secret.starts_with(prefix)) return std::optional<caller>{};
    if (auto loaded = load_once(); !loaded) return loaded.error();
    const auto hash = hash_of_secret(secret);
    const std::shared_lock hold(mutex_);
    const auto found = in_force_.find(hash);
    if (found == in_force_.end()) return fail(errc::unauthorized, "the token was revoked, or nobody gave it out");
    const auto& row = found->second;
    return std::optional(caller{permitted_by(row.role), row.role, {}, row.name, false, {}});
}

std::optional<store::token_row> token_register::named(const std::string& name) const {
    const std::shared_lock hold(mutex_);
    for (const auto& [hash, row] : in_force_)
        if (row.name == name) return row;
    return std::nullopt;
}

result<std::string> token_register::give_out(const std::string& name, const std::string& role, time_point now) {
    if (!is_name(name)) return fail(errc::invalid, "name: wants 1 to 64 letters, digits, dots, dashes and underscores");
    if (auto loaded = load_once(); !loaded) return loaded.error();
    const std::lock_guard alone(changing_);
    if (auto known = check_role(role); !known) return known.error();
    const bool configured =
        std::any_of(configured_.begin(), configured_.end(), [&](const auto& each) { return each.name == name; });
    if (configured) return fail(errc::conflict, "name: the configuration has a token " + name);
    if (named(name)) return fail(errc::conflict, "name: there is a token " + name + ": revoke it first");
    {
        const std::shared_lock hold(mutex_);
        if (in_force_.size() >= most) return fail(errc::conflict, "there are 1000 tokens: revoke one first");
    }
    auto secret = std::string(prefix) + random_token();
    store::token_row row{hash_of_secret(secret), name, role, now, false};
    if (auto kept = durable_.put_token(row); !kept) return kept.error();
    const std::unique_lock hold(mutex_);
    auto key = row.hash;
    in_force_.emplace(std::move(key), std::move(row));
    return secret;
}

result<void> token_register::revoke(const std::string& name) {
    if (auto loaded = load_once(); !loaded) return loaded.error();
    const std::lock_guard alone(changing_);
    auto row = named(name);
    if (!row) return fail(errc::not_found, "no token " + name + " is in force");
    row->revoked = true;
    if (auto kept = durable_.put_token(*row); !kept) return kept.error();
    const std::unique_lock hold(mutex_);
    in_force_.erase(row->hash);
    return {};
}

result<std::optional<std::string>> token_register::role_of(const std::string& name) {
    if (auto loaded = load_once(); !loaded) return loaded.error();
    const auto row = named(name);
    return row ? std::optional(row->role) : std::nullopt;
}

result<std::map<std::string, std::size_t, std::less<>>> token_register::count_by_role() {
    if (auto loaded = load_once(); !loaded) return loaded.error();
    std::map<std::string, std::size_t, std::less<>> counted;
    const std::shared_lock hold(mutex_);
    for (const auto& [hash, row] : in_force_) ++counted[row.role];
    return counted;
}

result<void> token_register::close_role(const std::string& role) {
    if (auto loaded = load_once(); !loaded) return loaded.error();
    const std::lock_guard alone(changing_);
    const std::shared_lock hold(mutex_);
    const auto has_it = [&](const auto& each) { return each.second.role == role; };
    if (const auto found = std::find_if(in_force_.begin(), in_force_.end(), has_it); found != in_force_.end())
        return fail(errc::conflict,
                    "name: the token " + found->second.name + " has the role " + role + ": revoke it first");
    const std::lock_guard also(closing_);
    if (!closed_roles_.insert(role).second) return fail(errc::conflict, "name: " + role + " is just being removed");
    return {};
}

void token_register::open_role(const std::string& role) {
    const std::lock_guard hold(closing_);
    closed_roles_.erase(role);
}

}  // namespace kindred::api
